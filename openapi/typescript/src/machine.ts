import type { Schema } from './calls.js';
import type { Authorizer, Post } from './session.js';
import type { Access } from './transport.js';

export interface MachineOptions {
  clientId: string;
  clientSecret: string;
  /** Asks for these scopes of the API client and not for all. */
  scopes?: readonly Schema<'Scope'>[];
}

/** Signs an API client in by its secret (RFC 6749, 4.4), with its first call. For programs: a page keeps no secret. */
export class MachineSession implements Authorizer {
  readonly #options: MachineOptions;
  #post: Post | undefined;
  #token: { access: Access; renewAt: number; expiresAt: number } | undefined;
  #renewal: Promise<Access> | undefined;

  constructor(options: MachineOptions) {
    this.#options = options;
  }

  connect(post: Post): void {
    if (this.#post) throw new TypeError('a session belongs to one client');
    this.#post = post;
  }

  access(refused?: number): Promise<Access> {
    const token = this.#token;
    if (token && refused !== token.access.generation && Date.now() < token.renewAt) {
      return Promise.resolve(token.access);
    }
    this.#renewal ??= this.#renew(refused).finally(() => (this.#renewal = undefined));
    return this.#renewal;
  }

  async #renew(refused?: number): Promise<Access> {
    const { clientId, clientSecret, scopes } = this.#options;
    const old = this.#token;
    if (!this.#post) throw new TypeError('the session has no client: give it to createClient');
    try {
      const { data } = await this.#post('/oauth/token', {
        headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
        body: {
          grant_type: 'client_credentials',
          client_id: clientId,
          client_secret: clientSecret,
          ...(scopes?.length && { scope: scopes.join(' ') }),
        },
      });
      const lifetime = data.expires_in * 1_000;
      const expiresAt = Date.now() + lifetime;
      const access = { token: data.access_token, generation: (old?.access.generation ?? 0) + 1 };
      this.#token = { access, expiresAt, renewAt: expiresAt - Math.min(60_000, lifetime / 2) };
      return access;
    } catch (error) {
      // The old token has some time left yet; better used than refused.
      if (old && refused !== old.access.generation && Date.now() < old.expiresAt) return old.access;
      throw error;
    }
  }
}
