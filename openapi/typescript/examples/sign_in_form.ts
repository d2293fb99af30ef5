import { createClient, isProblem, Session, webStore } from '@rapport/client';

/** A page's client: it stays signed in when the page is loaded again, as long as the tab is open. */
export function pageClient(storage: Storage, showSignIn: () => void) {
  const session = new Session({ store: webStore(storage), onEnd: showSignIn });
  return createClient({ baseUrl: location.origin, session });
}

/** Signs in, in two steps with a form each. */
export async function signIn(
  { session }: ReturnType<typeof pageClient>,
  login: { email: string; password: string },
  form: { showQrCode(uri: string): void; code(): Promise<string>; complain(): void },
) {
  const second = await session.begin(login);
  if (second.isFirstTime) form.showQrCode((await second.enrol()).otpauth_uri);
  for (;;) {
    try {
      return await second.verify(await form.code());
    } catch (error) {
      if (!isProblem(error, 'verification-failed')) throw error;
      form.complain();
    }
  }
}
