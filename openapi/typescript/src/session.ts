// A person's session: its tokens, renewed in time and by one call at a time.
import type { Answer, Init, PathsWith, Schema } from './calls.js';
import { ProblemError, isProblem, signedOut } from './problem.js';
import { memoryStore } from './store.js';
import type { StoredTokens, TokenStore } from './store.js';
import type { Access, How } from './transport.js';

/** How long before its end an access token is renewed, so that none expires on its way; in milliseconds. */
const leeway = 60_000;

/**
 * The service gives the same successor for a refresh token for ten seconds; later the old one counts as stolen and
 * ends the session. So a lost answer is asked for again within them, with some left for the way there.
 */
const refreshing = { repeat: 'lost', timeout: 9_000, attemptTimeout: 4_000 } as const;

/** Sends a POST of the session's own. */
export type Post = <P extends PathsWith<'post'>>(
  path: P,
  init: Init<'post', P>,
  how?: Partial<How>,
) => Promise<Answer<'post', P>>;

/** By whose right a client calls. */
export interface Authorizer {
  /** Tells how and where the service is reached; the client that it is given to does so, once. */
  connect(post: Post, baseUrl: string): void;
  /** A token that the service should take. `refused` is the generation that was just answered 401. */
  access(refused?: number): Promise<Access>;
}

export interface SessionOptions {
  /** Where the tokens are kept; in memory if left out. */
  store?: TokenStore;
  /** Called when nobody is signed in any more, by whatever way. */
  onEnd?: () => void;
}

/** What the authenticator needs: show `otpauth_uri` as a QR code, or `secret` to be typed. */
export type Enrolment = Schema<'MfaEnrolment'>;

/** Asks for the authenticator's code. `enrolment` is given the first time, while the account has no authenticator. */
export type AskCode = (enrolment?: Enrolment) => string | Promise<string>;

/** What is still to be proved after the password. */
export interface SecondFactor {
  /** Whether the account has no authenticator yet: `enrol` one first. */
  readonly isFirstTime: boolean;
  /** Fetches what the authenticator needs. */
  enrol(): Promise<Enrolment>;
  /** Proves the second factor, which signs in. After `verification-failed` another code may follow. */
  verify(code: string): Promise<void>;
}

/** Signs a person in and out, and keeps the session alive. It belongs to one client. */
export class Session implements Authorizer {
  readonly #store: TokenStore;
  readonly #onEnd: () => void;
  #post: Post | undefined;
  #tokens: StoredTokens | undefined;
  #generation = 0;
  #renewal: Promise<Access> | undefined;

  constructor(options: SessionOptions = {}) {
    this.#store = options.store ?? memoryStore();
    this.#onEnd = options.onEnd ?? (() => {});
  }

  connect(post: Post): void {
    if (this.#post) throw new TypeError('a session belongs to one client');
    this.#post = post;
  }

  /** Signs in: `askCode` is called for the second factor. It fails as the first wrong proof does. */
  async signIn(credentials: Schema<'Login'>, askCode: AskCode): Promise<void> {
    const second = await this.begin(credentials);
    await second.verify(await (second.isFirstTime ? askCode(await second.enrol()) : askCode()));
  }

  /** Proves the first factor; the second is what it gives back. */
  async begin(credentials: Schema<'Login'>): Promise<SecondFactor> {
    const { data } = await this.#send('/v1/auth/login', { body: credentials });
    const token = data.mfa_token ?? data.mfa_enrolment_token;
    if (!token) throw new ProblemError('unreadable', 'the service asks for a factor that is not known here');
    const headers = { Authorization: `Bearer ${token}` };
    return {
      isFirstTime: !data.mfa_token,
      enrol: async () => (await this.#send('/v1/auth/mfa/enrol', { headers })).data,
      verify: async (code) => {
        const answer = await this.#send('/v1/auth/mfa/verify', { headers, body: { code } });
        await this.#keep(answer.data);
      },
    };
  }

  /** Whether somebody is signed in, as far as is known on this side. */
  async isSignedIn(): Promise<boolean> {
    return (await this.#store.load()) !== undefined;
  }

  /**
   * Signs out. On this side the session is over at once; if it fails, the service was not told, and keeps the session
   * until it runs out.
   */
  async signOut(): Promise<void> {
    const tokens = (await this.#store.load()) ?? this.#tokens;
    this.#tokens = tokens;
    await this.#forget();
    if (!tokens) return;
    // Not `logout`, which takes an access token: the refresh token ends the session even if the other one has run out.
    await this.#send(
      '/oauth/revoke',
      {
        headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
        body: { token: tokens.refreshToken, token_type_hint: 'refresh_token' },
      },
      { repeat: 'freely', isHarmlessTwice: true },
    );
  }

  access(refused?: number): Promise<Access> {
    if (this.#tokens && refused !== this.#generation && Date.now() < this.#tokens.renewAt) {
      return Promise.resolve(this.#access(this.#tokens));
    }
    // Whoever comes meanwhile shares it. No caller's signal reaches it: one who goes away must not take the successor
    // of the refresh token along.
    this.#renewal ??= this.#renew(refused).finally(() => (this.#renewal = undefined));
    return this.#renewal;
  }

  async #renew(refused?: number): Promise<Access> {
    // Another page may have renewed them, or signed out.
    const stored = await this.#store.load();
    if (stored?.accessToken !== this.#tokens?.accessToken) {
      if (!stored) await this.#forget();
      this.#tokens = stored;
      this.#generation += 1;
    }
    const tokens = this.#tokens;
    const generation = this.#generation;
    if (!tokens) throw signedOut();
    if (refused !== generation && Date.now() < tokens.renewAt) return this.#access(tokens);
    try {
      const body = { refresh_token: tokens.refreshToken };
      const { data } = await this.#send('/v1/auth/refresh', { body }, refreshing);
      // Somebody signed in or out while it was under way: these tokens are nobody's.
      if (generation === this.#generation) await this.#keep(data);
      if (!this.#tokens) throw signedOut();
      return this.#access(this.#tokens);
    } catch (error) {
      if (isRefused(error)) {
        if (generation === this.#generation) await this.#forget();
        throw isProblem(error, 'unauthenticated') ? error : signedOut();
      }
      // The old token has some time left yet; better used than refused.
      if (refused !== generation && Date.now() < tokens.expiresAt) return this.#access(tokens);
      throw error;
    }
  }

  #access(tokens: StoredTokens): Access {
    return { token: tokens.accessToken, generation: this.#generation };
  }

  async #keep(tokens: Schema<'Tokens'>): Promise<void> {
    const lifetime = tokens.expires_in * 1_000;
    const expiresAt = Date.now() + lifetime;
    this.#generation += 1;
    this.#tokens = {
      accessToken: tokens.access_token,
      refreshToken: tokens.refresh_token,
      expiresAt,
      // A token that lives shorter than the leeway would be renewed before each use.
      renewAt: expiresAt - Math.min(leeway, lifetime / 2),
    };
    await this.#store.save(this.#tokens);
  }

  async #forget(): Promise<void> {
    const hadTokens = this.#tokens !== undefined;
    this.#tokens = undefined;
    this.#generation += 1;
    await this.#store.save(undefined);
    if (hadTokens) this.#onEnd();
  }

  #send: Post = (path, init, how) => {
    if (!this.#post) throw new TypeError('the session has no client: give it to createClient');
    return this.#post(path, init, how);
  };
}

/** Whether the service refused for good, and not just for now. */
function isRefused(error: unknown): boolean {
  const status = error instanceof ProblemError ? error.status : undefined;
  return status !== undefined && status >= 400 && status < 500 && status !== 429;
}
