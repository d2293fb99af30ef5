import { createClient } from '@rapport/client';

/** A clinic signs up; its owner signs in, and makes a first patient record. */
export async function firstCall(baseUrl: string, askCode: (otpauthUri?: string) => Promise<string>) {
  const client = createClient({ baseUrl });
  const email = `ada.${Date.now()}@north.example.org`;
  const password = 'correct horse battery staple';
  await client.POST('/v1/clinics', {
    body: {
      clinic: { name: 'North Massage Therapy' },
      owner: { name: 'Ada Example', email, password, profession: 'massage_therapist' },
    },
  });

  // The first time there is an authenticator to enrol: show its address as a QR code.
  await client.session.signIn({ email, password }, (enrolment) => askCode(enrolment?.otpauth_uri));

  const { data: patient } = await client.POST('/v1/patients', {
    body: { given_name: 'Casey', family_name: 'Sample', birth_date: '1953-04-17' },
  });
  return { client, patient };
}
