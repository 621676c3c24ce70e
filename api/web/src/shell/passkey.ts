import { say } from './say';
import { knock, post } from './session';

// The browser's part of a passkey: the server asks, the device answers. What is returned is
// why it came to nothing, in words; undefined if it did not.

/** Whether this browser can: an old one cannot, and none can on a page without TLS. */
export const passkeysHere = (): boolean => typeof PublicKeyCredential !== 'undefined' && 'parseRequestOptionsFromJSON' in PublicKeyCredential;

async function byDevice(ask: string, device: (options: unknown) => Promise<Credential | null>, finish: (credential: unknown) => Promise<string | undefined>): Promise<string | undefined> {
  if (!passkeysHere()) return say('noPasskeysHere');
  const [options, refused] = await post<{ publicKey: unknown }>(ask);
  if (!options) return refused || say('noAnswer');
  const credential = await device(options.publicKey).catch(() => null); // given up, or none that fits
  if (!(credential instanceof PublicKeyCredential)) return say('passkeyGivenUp');
  return finish(credential.toJSON());
}

/** The second step of signing in. */
export const showPasskey = (): Promise<string | undefined> =>
  byDevice(
    '/v1/sign-in/second-factor/challenge',
    (options) => navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options as PublicKeyCredentialRequestOptionsJSON) }),
    (credential) => knock('/v1/sign-in/second-factor', { credential }),
  );

/** Registers one for who is signed in. */
export const addPasskey = (name: string): Promise<string | undefined> =>
  byDevice(
    '/v1/me/passkeys/challenge',
    (options) => navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options as PublicKeyCredentialCreationOptionsJSON) }),
    (credential) => knock('/v1/me/passkeys', { name, credential }),
  );
