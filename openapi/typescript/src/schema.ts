// Generated from ../openapi.json by `npm run generate`. Change the document, not this file.

export interface paths {
    "/.well-known/jwks.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the public keys of access tokens
         * @description A JSON Web Key Set (RFC 7517), for whoever wants to verify an access token.
         */
        get: operations["get_jwks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/.well-known/oauth-authorization-server": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get what an OAuth client needs to know
         * @description RFC 8414.
         */
        get: operations["get_authorization_server"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/.well-known/smart-configuration": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get what a SMART client needs to know
         * @description The same under the name that SMART Backend Services looks for.
         */
        get: operations["get_smart_configuration"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Tell whether the service is alive
         * @description The process answers. Whether it can do its work is asked at `/readyz`.
         */
        get: operations["get_health"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/oauth/revoke": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take a token back
         * @description A client takes its own access token back, and proves itself as for a token. A person's refresh token or access token ends
         *     the session; whoever has it may. A token that is not known or has ended is taken back already (RFC 7009, 2.2).
         */
        post: operations["revoke_token"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/oauth/token": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign a machine in
         * @description `client_credentials` by an assertion that the client's key has signed, or by a secret, in the body or in a Basic header.
         *     An assertion is good once.
         */
        post: operations["request_token"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Tell whether the service can serve
         * @description That is: its database answers, every migration is applied, and it is not about to end.
         */
        get: operations["get_readiness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/api_clients": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the clinic's API clients
         * @description Newest first, those that ended among them. Only the owner may.
         */
        get: operations["list_api_clients"];
        put?: never;
        /**
         * Make an API client
         * @description For a machine of the clinic, which signs in at `/oauth/token` with a key, or with a secret that is made afterwards.
         */
        post: operations["create_api_client"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/api_clients/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get an API client
         * @description Its scopes, keys and the ids of its secrets; no secret is ever shown again.
         */
        get: operations["get_api_client"];
        put?: never;
        post?: never;
        /**
         * End an API client
         * @description It can't sign in any more, and its tokens are dead at once. What it did stays on the record.
         */
        delete: operations["end_api_client"];
        options?: never;
        head?: never;
        /**
         * Change an API client
         * @description At once, for tokens that it has already too: what is not among the scopes any more is refused from now on.
         */
        patch: operations["update_api_client"];
        trace?: never;
    };
    "/v1/api_clients/{id}/secrets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make a secret of an API client
         * @description It is shown this once: 256 random bits, of which only the hash is kept. Two can be good at a time, so that the machine
         *     can change from one to the other. It is not kept for an `Idempotency-Key` either: whoever lost the answer ends the secret
         *     that nobody has, and makes another.
         */
        post: operations["add_api_client_secret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/api_clients/{id}/secrets/{secret_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * End a secret of an API client
         * @description Nobody signs in with it any more. Tokens that were made with it live on for their five minutes; to end these too, end
         *     the client.
         */
        delete: operations["end_api_client_secret"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/attachments/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a file's description
         * @description What is known of the file: its type, size and SHA-256, and the signed versions that it belongs to.
         */
        get: operations["get_attachment"];
        put?: never;
        post?: never;
        /**
         * Take a file away
         * @description As long as no signed version holds it. What was signed stays as it was signed.
         */
        delete: operations["delete_attachment"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/attachments/{id}/content": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a file
         * @description Its bytes, to be saved and not shown: under a policy that lets no browser run any of it.
         */
        get: operations["get_attachment_content"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit/checkpoints": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the checkpoints of the audit log
         * @description The signed roots of the one Merkle tree over the events of all clinics (RFC 9162), newest first. They hold no content, and
         *     everybody who signed in may read them: who keeps one can tell later whether the log was changed.
         */
        get: operations["list_audit_checkpoints"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit/consistency": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Prove that the audit log was only added to
         * @description The hashes that show that the log of size `to` begins with the log of size `from`, unchanged (RFC 9162, section 2.1.4).
         *     They hold no content; everybody who signed in may read them.
         */
        get: operations["get_audit_consistency"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit/proofs/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Prove that an event is in the audit log
         * @description The event with everything that its leaf is the hash of, and the hashes that lead from there to the root of a checkpoint
         *     (RFC 9162, section 2.1.3). An event is sealed some seconds after its act; until then the answer is `unavailable`. For the
         *     privacy officer and the owner of the clinic whose record it is.
         */
        get: operations["get_audit_proof"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit_events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the clinic's audit events
         * @description Who did or tried what in the clinic's records, and what its people did in the records of others. For the privacy
         *     officer and the owner (45 CFR 164.312(b)).
         */
        get: operations["list_audit_events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign in: the first factor
         * @description Answers the token of the second step: an `mfa_token` where an authenticator is enrolled, an `mfa_enrolment_token` the
         *     first time. After failures it takes longer and longer until the next try is looked at, with `Retry-After`; whoever signed in
         *     from the same place before waits for their own failures only.
         */
        post: operations["log_in"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign out
         * @description Ends the session of the access token, at once.
         */
        post: operations["log_out"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/mfa/enrol": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Enrol an authenticator
         * @description With the `mfa_enrolment_token` as bearer token. Answers the secret; the first accepted code confirms it.
         */
        post: operations["enrol_mfa"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/mfa/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign in: the second factor
         * @description With the `mfa_token` or `mfa_enrolment_token` as bearer token. A code works once; five wrong ones end the attempt.
         */
        post: operations["verify_mfa"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Refresh the tokens
         * @description A refresh token is good for one refresh. The same one within 10 seconds leads to the same successor, so that a lost
         *     answer or two tabs end no session; later it counts as stolen and ends the session.
         */
        post: operations["refresh_tokens"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the places where you are signed in
         * @description Where the caller is signed in, newest first, and which of them this is.
         */
        get: operations["list_sessions"];
        put?: never;
        post?: never;
        /**
         * End all of your sessions
         * @description This one too.
         */
        delete: operations["end_sessions"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/sessions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * End one of your sessions
         * @description Its tokens are refused from the next request on.
         */
        delete: operations["end_session"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/clinics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign a clinic up
         * @description Makes the clinic and its owner, who then signs in at `/v1/auth/login`.
         */
        post: operations["sign_up_clinic"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/consent_links/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read what is asked
         * @description The statement and its hash, and the same in plain words.
         */
        get: operations["get_linked_consent"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/consent_links/{id}/challenge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask for a code
         * @description Sends six digits to the contact that the clinic has on file, never to one that is typed in.
         */
        post: operations["challenge_consent_link"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/consent_links/{id}/refusal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Decline
         * @description The patient says no, and nobody may be sent anything under this consent. The clinic is told.
         */
        post: operations["refuse_linked_consent"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/consent_links/{id}/revocation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Revoke
         * @description At any time, without a reason, at the same link. No reading commits after this has answered.
         */
        post: operations["revoke_linked_consent"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/consent_links/{id}/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Open a session at the link
         * @description With the secret, the patient's date of birth and the code. It lives 15 minutes when nothing is done, and its right is
         *     this consent alone. Which of the two facts was wrong is not told; five wrong tries end the link.
         */
        post: operations["open_consent_link_session"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/consent_links/{id}/signature": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign
         * @description With the name typed and the hash of the text that was read.
         */
        post: operations["sign_linked_consent"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/consents/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a consent
         * @description What was asked, in the words that the patient reads, and where it stands.
         */
        get: operations["get_consent"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/consents/{id}/form": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the form that was signed on paper
         * @description The scan, to be saved and not shown.
         */
        get: operations["get_consent_form"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/consents/{id}/paper_signature": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Record a signature on paper
         * @description With the scanned form, and the attestation of the member who sends it.
         */
        post: operations["record_paper_signature"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/consents/{id}/revocation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Revoke on the patient's word
         * @description It needs no reason and takes effect at once: no reading commits after this has answered. `If-Match` may be left out,
         *     because nothing may stand in the way of a no.
         */
        post: operations["revoke_consent"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/emergency_access": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List emergency accesses
         * @description Who read in an emergency, why, and how often, newest first. For the privacy officer and the owner.
         */
        get: operations["list_emergency_access"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/emergency_access/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get an emergency access
         * @description For the privacy officer, the owner, and who used it.
         */
        get: operations["get_emergency_access"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/emergency_access/{id}/end": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * End an emergency access
         * @description Before its hour is over: by who used it, a privacy officer or an owner. From the answer on nothing is read under it.
         */
        post: operations["end_emergency_access"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/emergency_access/{id}/review": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Close the review of an emergency access
         * @description With a finding, once it has ended; by a privacy officer or an owner who is not the one who used it. It stays closed, and the
         *     finding stays as it is.
         */
        post: operations["review_emergency_access"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List what happened
         * @description Oldest first, of the objects that you may list. Whoever keeps the last `sequence` and asks for what came `after` misses
         *     nothing, however late it was committed.
         */
        get: operations["list_events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/events/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow what happens
         * @description As server-sent events: `id` is the `sequence`, `data` the event. Whoever is cut off sends the last id as `Last-Event-ID` and
         *     goes on from there. It ends with the access token or the session, and each event is held against your rights as it is told.
         */
        get: operations["follow_events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/inbox": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List what came in
         * @description Shares addressed to you or to your clinic, without content and without the patient's name: that takes a reading.
         */
        get: operations["list_inbox"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/incidents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List incidents
         * @description What went where it should not have gone, newest first.
         */
        get: operations["list_incidents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/incidents/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get an incident
         * @description What went astray, who reported it, and how it was closed.
         */
        get: operations["get_incident"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/incidents/{id}/closure": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Close an incident
         * @description With a note of what was found and done. It stays closed, and the note stays as it is.
         */
        post: operations["close_incident"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/members": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the members of your clinic
         * @description Everybody of the clinic, those invited and those who left among them, newest first.
         */
        get: operations["list_members"];
        put?: never;
        /**
         * Invite a member
         * @description Sends a link by mail; the owner only. What stands behind its `#` goes to `/v1/members/accept` with a password.
         */
        post: operations["invite_member"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/members/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Accept an invitation
         * @description Sets the password; after that the person signs in. An invitation works once and for 7 days.
         */
        post: operations["accept_invitation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/members/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * End a membership
         * @description The owner only, and not the owner's own. The person's sessions are dead at once.
         */
        delete: operations["end_member"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/patients": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create a patient record
         * @description A record of the clinic's own. Names, dates and contacts are sealed under the patient's own key.
         */
        post: operations["create_patient"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/patients/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Search the clinic's patients
         * @description By the first letters of a family name, birth date, record number; all that are given must match. A POST, so that no
         *     name stands in an address. The newest record comes first: names are sealed, so that the database can't order by them.
         */
        post: operations["search_patients"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/patients/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a patient record
         * @description Of the own clinic only. The reading is on the record.
         */
        get: operations["get_patient"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change a patient record
         * @description A field left out stays as it is, `null` takes an optional one away.
         */
        patch: operations["update_patient"];
        trace?: never;
    };
    "/v1/patients/{id}/consents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List a patient's consents
         * @description Of one patient, newest first, in whatever state.
         */
        get: operations["list_consents"];
        put?: never;
        /**
         * Ask a patient for consent
         * @description Writes the statement (45 CFR 164.508(c)) and sends the patient a link to it. It comes into force only by the patient's
         *     own signature. Without an e-mail address on file it waits for a signature on paper.
         */
        post: operations["ask_consent"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/patients/{id}/disclosures": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the disclosures of a patient's information
         * @description The six years before today, unless a shorter period is asked for (164.528(a)(1)).
         *     Every reading by a recipient, with what 45 CFR 164.528(b)(2) asks for. Disclosures under the patient's own
         *     authorization are exempt from the accounting that the law demands; they are listed all the same, and say so.
         */
        get: operations["list_disclosures"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/patients/{id}/emergency_access": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Open a patient's reports in an emergency
         * @description For a member whose role does not read reports: those of this patient can be read for an hour, and nothing else. It takes a
         *     fresh code of the caller's authenticator; after five wrong ones none is looked at for a while. The clinic's owners and
         *     privacy officers are told at once, every reading is on record, and the review stays open until one of them closes it.
         */
        post: operations["open_emergency_access"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/patients/{id}/sharing_history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the sharing history of a patient
         * @description Everything about the sharing of the patient's reports in plain words: what was asked, signed, sent, read, refused and
         *     taken back.
         */
        get: operations["list_sharing_history"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/practitioners": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Search the directory
         * @description Practitioners of every clinic: public, professional facts. Each clinic's entry holds its id, to be named in a consent.
         */
        get: operations["list_practitioners"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/practitioners/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get your own entry
         * @description What other clinics find of the caller in the directory.
         */
        get: operations["get_own_entry"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change your own entry
         * @description What other clinics find: a field left out stays as it is.
         */
        patch: operations["update_own_entry"];
        trace?: never;
    };
    "/v1/practitioners/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a practitioner
         * @description Name, profession and clinic, as other clinics find them.
         */
        get: operations["get_practitioner"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/referral_links/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read what was referred
         * @description Through the gate: the patient's consent is checked now, the reading is recorded, and only then is there an answer. The
         *     first reading tells the sender that it was received.
         */
        get: operations["get_linked_referral"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/referral_links/{id}/challenge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask for a code
         * @description Sends six digits to the address that the referral is for, never to one that is typed in.
         */
        post: operations["challenge_referral_link"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/referral_links/{id}/claim": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take a referral up with your account
         * @description For a guest who has signed up since: with the secret of the link and a code that it sends. The referral is then this
         *     practitioner's, who reads, accepts and reports as everybody who has an account; the link ends. The patient's consent names the
         *     guest's address, and every reading still rests on that.
         */
        post: operations["claim_linked_referral"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/referral_links/{id}/decline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Decline what was referred
         * @description With a reason in a word. The link ends: there is nothing behind it any more.
         */
        post: operations["decline_linked_referral"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/referral_links/{id}/misdirected": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say that it was not meant for you
         * @description The link and its sessions end at once, and the clinic that sent it is told. It takes an open session and its anti-CSRF
         *     token, or the link's secret: nobody should have to read first what is not for them. Saying it twice changes nothing.
         */
        post: operations["report_misdirected_referral"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/referral_links/{id}/renewal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask for a new link
         * @description Sent to the same address; the link that asks for it ends. For one that lapsed or was used up too, as long as the referral is
         *     neither answered nor taken back.
         */
        post: operations["renew_referral_link"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/referral_links/{id}/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Open a session at the link
         * @description With the secret and the code. It lives 15 minutes when nothing is done and an hour at most, and its right is this referral
         *     alone. Five wrong tries end the link.
         */
        post: operations["open_referral_link_session"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/referral_summary": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Sum up your clinic's referrals
         * @description How many loops closed, and how long the first answer and the report took: of all that went out and came in, and by the
         *     clinic on the other side. Counts only, no patient.
         */
        get: operations["get_referral_summary"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/referral_times": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the times of your clinic's referrals
         * @description How soon what it sends is to be answered and reported on, by urgency, and when it lapses.
         */
        get: operations["get_referral_times"];
        /**
         * Set the times of your clinic's referrals
         * @description The owner only. Referrals that were sent before keep the times of then.
         */
        put: operations["set_referral_times"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/referrals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List referrals
         * @description Those that the clinic sent and was sent, without what they say and without a patient's name: that takes a reading.
         */
        get: operations["list_referrals"];
        put?: never;
        /**
         * Write a referral
         * @description It stays a draft until it is sent. A guest, who has no account, is sent a link to it then. Shares of reports that go with it
         *     are made before, to the same recipient. A second opinion names nobody unless it is told to: the recipient is told of no
         *     patient, everything that is written is looked through for the identifiers of 45 CFR 164.514(b)(2), each of which refuses it
         *     with its `span`, and it goes without consent.
         */
        post: operations["create_referral"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/referrals/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a referral
         * @description Its sender reads what it wrote. Whom it is for reads through the gate: the consent is checked now, the reading is
         *     recorded, and only then is there an answer; the first reading tells the sender that it was received. An opinion that names
         *     nobody takes no consent, and is recorded as well. Who may not read content, and whom it is not addressed to, sees how far it has come.
         */
        get: operations["get_referral"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/referrals/{id}/messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List a referral's messages
         * @description Newest first. Whom the referral is for reads them through the gate, as the referral itself. What the other side wrote is
         *     marked as read, for its author to see: the first reading on each side counts, and one's own is none.
         */
        get: operations["list_referral_messages"];
        put?: never;
        /**
         * Write to the other side of a referral
         * @description Either side does, once it was sent and for as long as its words are open, under a consent in force: after it has closed with a
         *     report too, and not after it came to nothing; an opinion that names nobody takes none. A message never changes.
         */
        post: operations["write_referral_message"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/referrals/{id}/timeline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a referral's timeline
         * @description Each of its moves: who, when, and why in a word. What was said with them is read with the referral.
         */
        get: operations["get_referral_timeline"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/referrals/{id}/{verb}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Move a referral
         * @description Each verb is open to one side and in some states; `allowed` of the referral has those that are open to you now. Of two
         *     moves at once one is done. It completes only with a share of a signed report to the sender; a second opinion with its
         *     `answer`, in the place of a report. Where nobody is named, what is said with a move is looked through as the question was.
         */
        post: operations["move_referral"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/reports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the clinic's reports
         * @description Everything but their content.
         */
        get: operations["list_reports"];
        put?: never;
        /**
         * Draft a report
         * @description A draft may be incomplete. It is seen by the clinic's own practitioners only and can't be shared.
         */
        post: operations["create_report"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/reports/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a report
         * @description The draft, or the newest signed version.
         */
        get: operations["get_report"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change a draft
         * @description `body` is replaced as a whole. What is signed is changed by an amendment.
         */
        patch: operations["update_report"];
        trace?: never;
    };
    "/v1/reports/{id}/amendments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Amend a signed report
         * @description Adds the next version, signed at once by who sends it. The versions before it stay as they are, and so do shares of them.
         */
        post: operations["amend_report"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/reports/{id}/attachments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the files of a report
         * @description Those that were signed with a version of it, and those that will be with the next.
         */
        get: operations["list_attachments"];
        put?: never;
        /**
         * Add a file to a report
         * @description PDF, PNG, JPEG or plain text, by its content. Images are written anew without metadata; a document that runs scripts or
         *     carries files is refused. It is signed with the report's next version; what was signed and shared before is without it.
         */
        post: operations["add_attachment"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/reports/{id}/document": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a report as a document
         * @description As HTML fit for print. A draft says on its face that it is one.
         */
        get: operations["get_report_document"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/reports/{id}/shares": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List what went out of a report
         * @description With how far each share has come.
         */
        get: operations["list_report_shares"];
        put?: never;
        /**
         * Share a report
         * @description The newest signed version, cut to sections, to a practitioner, a clinic, or a guest, who is sent a link. It takes the
         *     patient's consent now, and each reading takes it again. A report on a patient who was referred goes back to the clinic
         *     that referred under the `two_way` consent which the patient gave there, too.
         */
        post: operations["share_report"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/reports/{id}/signature": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign a report
         * @description Freezes version 1: content hash, signer, time. All four parts must be there; what is missing is named.
         */
        post: operations["sign_report"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/reports/{id}/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the signed versions of a report
         * @description Newest first: each with who signed it, when, and the hash of its content.
         */
        get: operations["list_report_versions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/reports/{id}/versions/{number}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a signed version of a report
         * @description As it was signed. A version never changes; an amendment is another one.
         */
        get: operations["get_report_version"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/share_links/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read what was shared
         * @description Through the gate: the patient's consent is checked now, the reading is recorded, and only then is there an answer. The
         *     sender sees that it was opened.
         */
        get: operations["get_linked_share"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/share_links/{id}/acknowledgement": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Acknowledge what was shared
         * @description Tells the sender that it was received and read.
         */
        post: operations["acknowledge_linked_share"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/share_links/{id}/attachments/{attachment_id}/content": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a file of what was shared
         * @description Through the gate, like the share itself: the consent is checked now, the reading is recorded, and only then are there
         *     bytes, to be saved and not shown.
         */
        get: operations["get_linked_attachment"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/share_links/{id}/challenge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask for a code
         * @description Sends six digits to the address that the share is for, never to one that is typed in.
         */
        post: operations["challenge_share_link"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/share_links/{id}/misdirected": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say that it was not meant for you
         * @description The link and its sessions end at once, and the clinic that sent it is told. It takes an open session and its anti-CSRF
         *     token, or the link's secret: nobody should have to read first what is not for them. Saying it twice changes nothing.
         */
        post: operations["report_misdirected_share"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/share_links/{id}/renewal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask for a new link
         * @description Sent to the same address; the link that asks for it ends. For one that lapsed or was used up too, as long as the sender
         *     has not taken the share back.
         */
        post: operations["renew_share_link"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/share_links/{id}/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Open a session at the link
         * @description With the secret and the code. It lives 15 minutes when nothing is done and an hour at most, and its right is this share
         *     alone. Five wrong tries end the link.
         */
        post: operations["open_share_link_session"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/shares/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a share
         * @description The recipient reads through the gate: the consent is checked now, the reading is recorded, and only then is there an
         *     answer. The sender sees how far it has come, without the content.
         */
        get: operations["get_share"];
        put?: never;
        post?: never;
        /**
         * Withdraw a share
         * @description The recipient can't read it any more; a guest's link and sessions end with it. What was read before is on the record.
         */
        delete: operations["withdraw_share"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/shares/{id}/acknowledgement": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Acknowledge a share
         * @description Tells the sender that it was received and read.
         */
        post: operations["acknowledge_share"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/shares/{id}/attachments/{attachment_id}/content": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a file of a share
         * @description Through the gate, like the share itself: the consent is checked now, the reading is recorded, and only then are there
         *     bytes, to be saved and not shown. A file that came to the report after this version was signed is no part of the share.
         */
        get: operations["get_shared_attachment"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the clinic's webhooks
         * @description Newest first, those that ended among them. Only the owner may.
         */
        get: operations["list_webhooks"];
        put?: never;
        /**
         * Make a webhook
         * @description The address is asked at once whether it wants this: it gets a POST of `{"type": "webhook.challenge", "challenge": ...}` and
         *     answers 200 with `{"challenge": ...}`, the same. Then it is told of what happens from there on. The secret is shown this once.
         */
        post: operations["create_webhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a webhook
         * @description Where it delivers, what it is told, and why it is disabled where it is.
         */
        get: operations["get_webhook"];
        put?: never;
        post?: never;
        /**
         * End a webhook
         * @description It is told nothing more, and its secrets sign nothing more.
         */
        delete: operations["end_webhook"];
        options?: never;
        head?: never;
        /**
         * Change a webhook
         * @description Another address is asked first whether it wants this. From now on it delivers by the right of who changes it.
         */
        patch: operations["update_webhook"];
        trace?: never;
    };
    "/v1/webhooks/{id}/challenge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask the address again
         * @description Whether it wants this: for a webhook that is disabled, or whose address did not answer yet. It is told nothing until it has
         *     said so; what waits is told then. From now on it delivers by the right of who asks for this.
         */
        post: operations["challenge_webhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{id}/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List what a webhook was told
         * @description And what it is to be told, newest first: how often it was tried, what the address answered, when it is tried next.
         */
        get: operations["list_webhook_deliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{id}/deliveries/{event_id}/resend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a delivery again
         * @description Whatever came of it before, and for three days if need be. It has the same id: whoever has it already is told twice.
         */
        post: operations["resend_webhook_delivery"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{id}/secrets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make another secret of a webhook
         * @description It signs from now on, beside the one before for another day, so that there is time to take it up. It is shown this once, and
         *     not kept for an `Idempotency-Key` either: whoever lost the answer ends the secret that nobody has, and makes another.
         */
        post: operations["add_webhook_secret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{id}/secrets/{secret_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * End a secret of a webhook
         * @description It signs nothing more. The last one can't be ended: make another first, or end the webhook.
         */
        delete: operations["end_webhook_secret"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export interface webhooks {
    challenge: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Do you want to be told?
         * @description Before an address is told anything, and when it changes, it is asked whether it wants this. It answers 200 with `{"challenge": ...}`, the same.
         */
        post: operations["ask_to_be_told"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    consent: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Something happened to: consent
         * @description `consent.activated`, `consent.declined`, `consent.revoked`, `consent.superseded`. Events of one object come in their order, each at least once, for 3 days until it is taken; the id says which one was told before. It says that there is something to read, never what.
         */
        post: operations["told_of_consent"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    emergency_access: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Something happened to: emergency access
         * @description `emergency_access.opened`. Events of one object come in their order, each at least once, for 3 days until it is taken; the id says which one was told before. It says that there is something to read, never what.
         */
        post: operations["told_of_emergency_access"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    incident: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Something happened to: incident
         * @description `incident.opened`. Events of one object come in their order, each at least once, for 3 days until it is taken; the id says which one was told before. It says that there is something to read, never what.
         */
        post: operations["told_of_incident"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    referral: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Something happened to: referral
         * @description `referral.draft`, `referral.sent`, `referral.received`, `referral.information_requested`, `referral.accepted`, `referral.declined`, `referral.redirected`, `referral.waitlisted`, `referral.scheduled`, `referral.no_show`, `referral.in_care`, `referral.cancellation_requested`, `referral.completed`, `referral.discontinued`, `referral.cancelled`, `referral.expired`, `referral.entered_in_error`, `referral.message`. Events of one object come in their order, each at least once, for 3 days until it is taken; the id says which one was told before. It says that there is something to read, never what.
         */
        post: operations["told_of_referral"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    report: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Something happened to: report
         * @description `report.signed`. Events of one object come in their order, each at least once, for 3 days until it is taken; the id says which one was told before. It says that there is something to read, never what.
         */
        post: operations["told_of_report"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    share: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Something happened to: share
         * @description `share.delivered`, `share.opened`, `share.acknowledged`, `share.withdrawn`. Events of one object come in their order, each at least once, for 3 days until it is taken; the id says which one was told before. It says that there is something to read, never what.
         */
        post: operations["told_of_share"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export interface components {
    schemas: {
        /**
         * @description Accepts an invitation.
         * @example {
         *       "password": "another long enough sentence",
         *       "token": "Q1v0b8m6v4pW1b3tXh0m2n5r7y9u1w3e5t7i9o1p3a5"
         *     }
         */
        AcceptInvitation: {
            /**
             * Format: password
             * @description The password to sign in with: at least 15 characters.
             */
            password: string;
            /** @description What stands behind the `#` of the invitation's link. */
            token: string;
        };
        /**
         * @description Who acted.
         * @enum {string}
         */
        ActorKind: "member" | "client" | "patient" | "guest" | "anonymous" | "system";
        /**
         * @description Changes a signed report: a new version, signed at once by who sends it.
         * @example {
         *       "body": {
         *         "goals": [
         *           {
         *             "goal": "Bend forward further",
         *             "measure": "Finger-to-floor distance, forward"
         *           }
         *         ],
         *         "measures": [
         *           {
         *             "baseline": 6,
         *             "current": 4,
         *             "higher_is_better": false,
         *             "name": "Finger-to-floor distance, forward",
         *             "unit": "in"
         *           }
         *         ],
         *         "schedule": {
         *           "duration": "28 days",
         *           "frequency": "Twice a week",
         *           "visits_attended": 7
         *         },
         *         "treatment": {
         *           "what": "Swedish massage",
         *           "why": "Chosen for stiffness"
         *         }
         *       },
         *       "reason": "Corrected the finger-to-floor distance"
         *     }
         */
        AmendReport: {
            /** @description The whole content of the new version. */
            body: components["schemas"]["ReportBody"];
            /** @description Why it is amended. */
            reason: string;
            /** @description Which sensitive categories it touches; as before, if left out. */
            sensitive_categories?: components["schemas"]["SensitiveCategory"][] | null;
        };
        /**
         * @description A machine of the clinic.
         * @example {
         *       "created_at": "2026-11-23T09:00:00Z",
         *       "created_by": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a11",
         *       "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a30",
         *       "jwks_uri": "https://software.example.org/jwks.json",
         *       "name": "Practice software",
         *       "scopes": [
         *         "patients:read",
         *         "shares:read"
         *       ],
         *       "secrets": [],
         *       "state": "active",
         *       "updated_at": "2026-11-23T09:00:00Z",
         *       "version": 1
         *     }
         */
        ApiClient: {
            /**
             * Format: uuid
             * @description The member in whose name it writes.
             */
            author_id?: string | null;
            /**
             * Format: date-time
             * @description When it was made.
             */
            created_at: string;
            /**
             * Format: uuid
             * @description The member who made it.
             */
            created_by: string;
            /**
             * Format: uuid
             * @description Its id: the `client_id` of its assertions.
             */
            id: string;
            jwks?: components["schemas"]["Jwks"] | null;
            /** @description Where the public keys are. */
            jwks_uri?: string | null;
            /** @description What the clinic calls it. */
            name: string;
            /** @description What it may do. */
            scopes: components["schemas"]["Scope"][];
            /** @description The secrets that are good. */
            secrets: components["schemas"]["ApiClientSecret"][];
            /** @description Where it stands. */
            state: components["schemas"]["ApiClientState"];
            /**
             * Format: date-time
             * @description When it was last changed.
             */
            updated_at: string;
            /**
             * Format: int32
             * @description Counts the changes; the `ETag`.
             */
            version: number;
        };
        /** @description A page of clients. */
        ApiClientList: {
            /** @description The clients, newest first. */
            items: components["schemas"]["ApiClient"][];
            /** @description Where the next page starts. */
            next_cursor?: string | null;
        };
        /**
         * @description A change of a client; a field left out stays, `null` clears it. It holds for tokens that were made before, too.
         * @example {
         *       "scopes": [
         *         "patients:read"
         *       ]
         *     }
         */
        ApiClientPatch: {
            /**
             * Format: uuid
             * @description The member in whose name it writes.
             */
            author_id?: string | null;
            jwks?: components["schemas"]["Jwks"] | null;
            /** @description Where the public keys are. */
            jwks_uri?: string | null;
            /** @description What the clinic calls it. */
            name?: string;
            /** @description What it may do. */
            scopes?: components["schemas"]["Scope"][];
        };
        /** @description A secret that is good, without itself. */
        ApiClientSecret: {
            /**
             * Format: date-time
             * @description When it was made.
             */
            created_at: string;
            /**
             * Format: uuid
             * @description Its id.
             */
            id: string;
        };
        /**
         * @description Where a client stands.
         * @enum {string}
         */
        ApiClientState: "active" | "ended";
        /**
         * @description A file of a report. It never changes.
         * @example {
         *       "added_at": "2026-11-23T09:00:00Z",
         *       "added_by": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a11",
         *       "file_name": "range-of-motion.pdf",
         *       "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a31",
         *       "media_type": "application/pdf",
         *       "report_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a20",
         *       "sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
         *       "size": 48213,
         *       "versions": [
         *         1
         *       ]
         *     }
         */
        Attachment: {
            /**
             * Format: date-time
             * @description When.
             */
            added_at: string;
            /**
             * Format: uuid
             * @description The practitioner who added it.
             */
            added_by: string;
            /** @description What it is called. */
            file_name: string;
            /**
             * Format: uuid
             * @description Its id.
             */
            id: string;
            /** @description What it is, by its content. */
            media_type: string;
            /**
             * Format: uuid
             * @description The report.
             */
            report_id: string;
            /** @description SHA-256 of its bytes as they are handed out, in hex. */
            sha256: string;
            /**
             * Format: int32
             * @description How many bytes it has.
             */
            size: number;
            /** @description The signed versions that hold it. As long as there is none, it can be taken away. */
            versions: number[];
        };
        /** @description A page of attachments. */
        AttachmentList: {
            /** @description The attachments, newest first. */
            items: components["schemas"]["Attachment"][];
            /** @description Where the next page starts. */
            next_cursor?: string | null;
        };
        /**
         * @description A signed root of the log: how many events it held at a time, and the root of their Merkle tree (RFC 9162).
         * @example {
         *       "key_id": "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k",
         *       "note": "rapport-audit/01990b5e-6c1f-7d39-8f38-0f3c2f5f7a14\n1024\nqINS1GRFhWHwdkUeqLEoP4yEMkTBBzxBkGwGQlVlVcs=\n...",
         *       "previous_root": "9mXeuqtEi+hPPvT2Vv6XcjbdO8TWuY0EnrWxLI0hGtg=",
         *       "public_key": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
         *       "root": "qINS1GRFhWHwdkUeqLEoP4yEMkTBBzxBkGwGQlVlVcs=",
         *       "sealed_at": "2026-11-24T10:00:00Z",
         *       "size": 1024
         *     }
         */
        AuditCheckpoint: {
            /** @description The key that signed it: a `kid` of `/.well-known/jwks.json`, or of a key that was there before. */
            key_id: string;
            /** @description The same as a signed note (C2SP tlog-checkpoint and signed-note): this is what is signed. */
            note: string;
            /** @description The root of the checkpoint before, in base64; `null` of the first. */
            previous_root?: string | null;
            /** @description That key (Ed25519), in base64url. It proves nothing to who has not had it from elsewhere before. */
            public_key: string;
            /** @description The root of the tree, in base64. */
            root: string;
            /**
             * Format: date-time
             * @description When it was sealed, by the database's clock.
             */
            sealed_at: string;
            /**
             * Format: int64
             * @description How many events the tree holds.
             */
            size: number;
        };
        /** @description A page of checkpoints. */
        AuditCheckpointList: {
            /** @description The checkpoints, newest first. */
            items: components["schemas"]["AuditCheckpoint"][];
            /** @description Where the next page starts. */
            next_cursor?: string | null;
        };
        /**
         * @description The proof that a later log begins with an earlier one, unchanged (RFC 9162, section 2.1.4).
         * @example {
         *       "from": 3,
         *       "hashes": [
         *         "qINS1GRFhWHwdkUeqLEoP4yEMkTBBzxBkGwGQlVlVcs="
         *       ],
         *       "to": 4
         *     }
         */
        AuditConsistency: {
            /**
             * Format: int64
             * @description The size of the earlier log.
             */
            from: number;
            /** @description The hashes that lead from the one root to the other, in base64. */
            hashes: string[];
            /**
             * Format: int64
             * @description The size of the later log.
             */
            to: number;
        };
        /**
         * @description One event of the audit log: ids and words of a closed list, never a patient's name or a clinical value.
         * @example {
         *       "action": "share.read",
         *       "actor_clinic_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a13",
         *       "actor_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a14",
         *       "actor_kind": "member",
         *       "consent_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a22",
         *       "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a32",
         *       "object_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a21",
         *       "object_type": "share",
         *       "occurred_at": "2026-11-23T09:30:00Z",
         *       "outcome": "permitted",
         *       "patient_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a12",
         *       "request_id": "7f6c1a2e"
         *     }
         */
        AuditEvent: {
            /** @description What was done or tried, such as `share.read`. */
            action: string;
            /**
             * Format: uuid
             * @description The clinic of the member or client who acted.
             */
            actor_clinic_id?: string | null;
            /**
             * Format: uuid
             * @description The member or the client who acted.
             */
            actor_id?: string | null;
            /** @description Who acted. */
            actor_kind: components["schemas"]["ActorKind"];
            /**
             * Format: uuid
             * @description The consent that carried it.
             */
            consent_id?: string | null;
            /**
             * Format: uuid
             * @description Its id.
             */
            id: string;
            /**
             * Format: uuid
             * @description Its id.
             */
            object_id?: string | null;
            /** @description What it was done to: `patient`, `consent`, `report`, `share`, ... */
            object_type: string;
            /**
             * Format: date-time
             * @description When, by the database's clock.
             */
            occurred_at: string;
            /** @description How it ended. */
            outcome: components["schemas"]["Outcome"];
            /**
             * Format: uuid
             * @description The patient concerned, in the records of the clinic that this event belongs to.
             */
            patient_id?: string | null;
            /** @description Why it was refused: a problem's slug. Of what was read under an emergency access: `emergency-access`. */
            reason?: string | null;
            /** @description The request. */
            request_id: string;
        };
        /** @description A page of audit events. */
        AuditEventList: {
            /** @description The events, newest first. */
            items: components["schemas"]["AuditEvent"][];
            /** @description Where the next page starts. */
            next_cursor?: string | null;
        };
        /**
         * @description The proof that an event is in the log as it was sealed (RFC 9162, section 2.1.3).
         * @example {
         *       "checkpoint": {
         *         "key_id": "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k",
         *         "note": "rapport-audit/01990b5e-6c1f-7d39-8f38-0f3c2f5f7a14\n1024\nqINS1GRFhWHwdkUeqLEoP4yEMkTBBzxBkGwGQlVlVcs=\n...",
         *         "previous_root": "9mXeuqtEi+hPPvT2Vv6XcjbdO8TWuY0EnrWxLI0hGtg=",
         *         "public_key": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
         *         "root": "qINS1GRFhWHwdkUeqLEoP4yEMkTBBzxBkGwGQlVlVcs=",
         *         "sealed_at": "2026-11-24T10:00:00Z",
         *         "size": 1024
         *       },
         *       "encoding": 1,
         *       "event": {
         *         "action": "share.read",
         *         "actor_clinic_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a13",
         *         "actor_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a14",
         *         "actor_kind": "member",
         *         "clinic_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a10",
         *         "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a32",
         *         "object_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a21",
         *         "object_type": "share",
         *         "occurred_at": "2026-11-23T09:30:00Z",
         *         "outcome": "permitted",
         *         "request_id": "7f6c1a2e",
         *         "salt": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a35",
         *         "transaction_id": 90211
         *       },
         *       "hashes": [
         *         "9mXeuqtEi+hPPvT2Vv6XcjbdO8TWuY0EnrWxLI0hGtg="
         *       ],
         *       "leaf_index": 1017
         *     }
         */
        AuditProof: {
            /** @description The checkpoint whose root they lead to. */
            checkpoint: components["schemas"]["AuditCheckpoint"];
            /**
             * Format: int32
             * @description The version of the encoding that the leaf was made by.
             */
            encoding: number;
            /** @description The event, with everything that its leaf is the hash of. */
            event: components["schemas"]["LogEvent"];
            /** @description The hashes beside the way from the leaf to the root, in base64, from the leaf up. */
            hashes: string[];
            /**
             * Format: int64
             * @description The event's place in the log, from 0.
             */
            leaf_index: number;
        };
        /**
         * @description The person who wrote or signed.
         * @example {
         *       "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a11",
         *       "name": "Robin Example",
         *       "profession": "Massage therapist"
         *     }
         */
        Author: {
            /**
             * Format: uuid
             * @description The practitioner's id.
             */
            id: string;
            /** @description The name. */
            name: string;
            /** @description The profession. */
            profession?: string | null;
        };
        /**
         * @description What an OAuth client needs to know of this service (RFC 8414), and a SMART one.
         * @example {
         *       "capabilities": [
         *         "client-confidential-asymmetric",
         *         "client-confidential-symmetric"
         *       ],
         *       "grant_types_supported": [
         *         "client_credentials"
         *       ],
         *       "issuer": "https://rapport.example.org",
         *       "jwks_uri": "https://rapport.example.org/.well-known/jwks.json",
         *       "response_types_supported": [],
         *       "revocation_endpoint": "https://rapport.example.org/oauth/revoke",
         *       "revocation_endpoint_auth_methods_supported": [
         *         "private_key_jwt",
         *         "client_secret_basic",
         *         "client_secret_post"
         *       ],
         *       "scopes_supported": [
         *         "shares:read",
         *         "referrals:read"
         *       ],
         *       "token_endpoint": "https://rapport.example.org/oauth/token",
         *       "token_endpoint_auth_methods_supported": [
         *         "private_key_jwt",
         *         "client_secret_basic",
         *         "client_secret_post"
         *       ],
         *       "token_endpoint_auth_signing_alg_values_supported": [
         *         "ES384",
         *         "RS384",
         *         "EdDSA"
         *       ]
         *     }
         */
        AuthorizationServer: {
            /** @description Of SMART: `client-confidential-asymmetric`, `client-confidential-symmetric`. */
            capabilities: string[];
            /** @description `client_credentials`. */
            grant_types_supported: string[];
            /** @description What stands in `iss` of our tokens, and has to stand in `aud` of an assertion. */
            issuer: string;
            /** @description Our public keys. */
            jwks_uri: string;
            /** @description None: nobody is sent here to authorize. */
            response_types_supported: string[];
            /** @description Where tokens are taken back. */
            revocation_endpoint: string;
            /** @description How a client proves itself to take a token back. */
            revocation_endpoint_auth_methods_supported: string[];
            /** @description Every scope. */
            scopes_supported: string[];
            /** @description Where tokens are made. */
            token_endpoint: string;
            /** @description How a client proves itself. */
            token_endpoint_auth_methods_supported: string[];
            /** @description What an assertion may be signed with: by each key its own. */
            token_endpoint_auth_signing_alg_values_supported: string[];
        };
        /**
         * @description A kind of information that a consent can cover.
         * @enum {string}
         */
        Category: "treatment_plan" | "progress_report" | "outcome_measures" | "history" | "attachments" | "referral" | "mental_health" | "substance_use" | "reproductive_health";
        /** @description A reference to literature. */
        Citation: {
            /** @description The digital object identifier, such as `10.3822/ijtmb.v9i3.267`. */
            doi?: string;
            /** @description Why it matters here. */
            relevance?: string;
            /** @description The reference as printed. */
            text: string;
        };
        /**
         * @description Takes a referral up with the account that is signed in.
         * @example {
         *       "code": "123456",
         *       "secret": "Q1v0b8m6v4pW1b3tXh0m2n5r7y9u1w3e5t7i9o1p3a5"
         *     }
         */
        ClaimReferral: {
            /** @description The six digits that were sent to the address that the referral is for. */
            code: string;
            /** @description What stands behind the `#` of the link. */
            secret: string;
        };
        /**
         * @description A clinic.
         * @example {
         *       "created_at": "2026-11-23T09:00:00Z",
         *       "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a10",
         *       "name": "North Massage Clinic",
         *       "phone": "555-0100"
         *     }
         */
        Clinic: {
            /** @description Its postal address. */
            address?: string | null;
            /**
             * Format: date-time
             * @description When it signed up.
             */
            created_at: string;
            /**
             * Format: uuid
             * @description Its id.
             */
            id: string;
            /** @description Its name. */
            name: string;
            /** @description Its National Provider Identifier. */
            npi?: string | null;
            /** @description Its telephone number. */
            phone?: string | null;
        };
        /**
         * @description A clinic, as others name it.
         * @example {
         *       "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a10",
         *       "name": "North Massage Clinic"
         *     }
         */
        ClinicName: {
            /**
             * Format: uuid
             * @description Its id.
             */
            id: string;
            /** @description Its name. */
            name: string;
        };
        /**
         * @description Closes an incident.
         * @example {
         *       "note": "The address had a wrong letter. The patient was told, and the right colleague was sent a link."
         *     }
         */
        CloseIncident: {
            /** @description What was found and done. */
            note: string;
        };
        /**
         * @description A consent, with the text that the patient saw.
         * @example {
         *       "asked_at": "2026-11-23T09:00:00Z",
         *       "asked_by": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a11",
         *       "categories": [
         *         "progress_report",
         *         "outcome_measures"
         *       ],
         *       "expires_at": "2027-05-23T00:00:00Z",
         *       "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a22",
         *       "lapses_at": "2026-12-07T09:00:00Z",
         *       "patient_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a12",
         *       "purpose": "treatment",
         *       "recipients": [
         *         {
         *           "clinic_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a13",
         *           "kind": "clinic",
         *           "name": "South Family Practice"
         *         }
         *       ],
         *       "state": "pending",
         *       "statement": "North Massage Clinic may give South Family Practice the progress report for treatment until 2027-05-23.",
         *       "statement_hash": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
         *       "statement_version": "1",
         *       "two_way": false,
         *       "version": 1
         *     }
         */
        Consent: {
            /**
             * Format: date-time
             * @description When the patient was asked.
             */
            asked_at: string;
            /**
             * Format: uuid
             * @description The member who asked.
             */
            asked_by: string;
            /** @description What may be shared. */
            categories: components["schemas"]["Category"][];
            /**
             * Format: date-time
             * @description Until when.
             */
            expires_at: string;
            /**
             * Format: uuid
             * @description Its id.
             */
            id: string;
            /**
             * Format: date-time
             * @description When the question lapses if it stays unanswered.
             */
            lapses_at: string;
            /**
             * Format: uuid
             * @description Whose it is.
             */
            patient_id: string;
            /** @description What for. */
            purpose: string;
            /** @description Who may receive. */
            recipients: components["schemas"]["Recipient"][];
            revocation_method?: components["schemas"]["ConsentMethod"] | null;
            /**
             * Format: date-time
             * @description When it was revoked.
             */
            revoked_at?: string | null;
            signature?: components["schemas"]["ConsentSignature"] | null;
            /**
             * Format: date-time
             * @description From when, where that is not the signature.
             */
            starts_at?: string | null;
            /** @description Where it stands now. */
            state: components["schemas"]["ConsentState"];
            /** @description The text, exactly as the patient sees it. */
            statement: string;
            /** @description SHA-256 of the text's UTF-8 bytes, in hex. */
            statement_hash: string;
            /** @description The version of the text's wording. */
            statement_version: string;
            /**
             * Format: uuid
             * @description The consent that replaced it.
             */
            superseded_by?: string | null;
            /** @description Whether the recipients may report back. */
            two_way: boolean;
            /**
             * Format: int32
             * @description Counts the changes; the `ETag` is this number in quotes.
             */
            version: number;
        };
        /** @description A page of consents. */
        ConsentList: {
            /** @description The consents, newest first. */
            items: components["schemas"]["Consent"][];
            /** @description Where the next page starts. */
            next_cursor?: string | null;
        };
        /**
         * @description How a consent was signed or revoked.
         * @enum {string}
         */
        ConsentMethod: "link" | "paper" | "word";
        /** @description A signature under a consent. */
        ConsentSignature: {
            /** @description How it was given. */
            method: components["schemas"]["ConsentMethod"];
            /** @description SHA-256 of the scanned form, in hex. */
            paper_form_hash?: string | null;
            /**
             * Format: date
             * @description The date on the paper form.
             */
            paper_signed_on?: string | null;
            /**
             * Format: date-time
             * @description When it was given; of a paper form, when the clinic recorded it.
             */
            signed_at: string;
            /** @description The name that was signed with. */
            signed_name: string;
        };
        /**
         * @description Where a consent stands.
         * @enum {string}
         */
        ConsentState: "pending" | "active" | "revoked" | "expired" | "superseded" | "declined" | "lapsed";
        /**
         * @description Declines what was referred.
         * @example {
         *       "reason": "no_capacity"
         *     }
         */
        DeclineLinkedReferral: {
            /** @description Why, in a word. */
            reason: components["schemas"]["ReferralReason"];
        };
        /**
         * @description Where a delivery stands.
         * @enum {string}
         */
        DeliveryState: "pending" | "delivered" | "failed" | "refused";
        /**
         * @description Why a webhook is disabled.
         * @enum {string}
         */
        DisabledBecause: "unverified" | "gone" | "failing" | "unauthorised";
        /**
         * @description One reading by a recipient, with what 45 CFR 164.528(b)(2) asks for.
         * @example {
         *       "basis": "Treatment, with the patient's consent",
         *       "consent_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a22",
         *       "description": "Progress report, version 1: treatment, goals, measures",
         *       "disclosed_at": "2026-11-23T09:30:00Z",
         *       "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a33",
         *       "is_required": false,
         *       "purpose": "treatment",
         *       "recipient_clinic": "South Family Practice",
         *       "recipient_name": "Jordan Sample",
         *       "share_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a21"
         *     }
         */
        Disclosure: {
            /** @description On what ground: `authorization`, the patient's own signed consent (164.508). */
            basis: string;
            /**
             * Format: uuid
             * @description The consent that carried it.
             */
            consent_id?: string | null;
            /** @description What was disclosed, in brief (164.528(b)(2)(iii)). */
            description: string;
            /**
             * Format: date-time
             * @description When (164.528(b)(2)(i)).
             */
            disclosed_at: string;
            /**
             * Format: uuid
             * @description The audit event that records it.
             */
            id: string;
            /**
             * @description Whether 164.528(a)(1) demands that it be accounted for. Disclosures under an authorization are exempt; they are
             *     listed all the same.
             */
            is_required: boolean;
            /** @description What for (164.528(b)(2)(iv)). */
            purpose: string;
            /** @description The address of that clinic, where known; of a guest the e-mail address. */
            recipient_address?: string | null;
            /** @description The clinic of that person or client; a guest has none. */
            recipient_clinic?: string | null;
            /** @description Who received it (164.528(b)(2)(ii)): the person who read; the clinic, where one of its API clients did. */
            recipient_name: string;
            /**
             * Format: uuid
             * @description The referral, where it was one.
             */
            referral_id?: string | null;
            /**
             * Format: uuid
             * @description The share, where it was one.
             */
            share_id?: string | null;
        };
        /** @description A page of disclosures. */
        DisclosureList: {
            /** @description The disclosures, newest first. */
            items: components["schemas"]["Disclosure"][];
            /** @description Where the next page starts. */
            next_cursor?: string | null;
        };
        /**
         * @description An emergency access (45 CFR 164.312(a)(2)(ii)).
         * @example {
         *       "ended_at": null,
         *       "ended_by": null,
         *       "ends_at": "2026-11-26T11:00:00Z",
         *       "explanation": "The patient fainted at the desk, and nobody who treats is in the house.",
         *       "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a19",
         *       "is_active": true,
         *       "member_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a12",
         *       "patient_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a18",
         *       "readings": 2,
         *       "reason": "treatment_emergency",
         *       "review": {
         *         "finding": null,
         *         "has_reviewer": true,
         *         "note": null,
         *         "reviewed_at": null,
         *         "reviewed_by": null,
         *         "state": "open"
         *       },
         *       "started_at": "2026-11-26T10:00:00Z",
         *       "version": 1
         *     }
         */
        EmergencyAccess: {
            /**
             * Format: date-time
             * @description When it was ended before that.
             */
            ended_at?: string | null;
            /**
             * Format: uuid
             * @description The member who ended it.
             */
            ended_by?: string | null;
            /**
             * Format: date-time
             * @description Until when at the latest: an hour later.
             */
            ends_at: string;
            /** @description The same in words. */
            explanation: string;
            /**
             * Format: uuid
             * @description Its id.
             */
            id: string;
            /** @description Whether something can be read under it now. */
            is_active: boolean;
            /**
             * Format: uuid
             * @description The member who reads.
             */
            member_id: string;
            /**
             * Format: uuid
             * @description The patient whose reports can be read under it.
             */
            patient_id: string;
            /**
             * Format: int32
             * @description How often something was read under it. Each time is an event of the audit log, with the reason `emergency-access`.
             */
            readings: number;
            /** @description What kind of emergency it was. */
            reason: components["schemas"]["EmergencyReason"];
            /** @description Its review. */
            review: components["schemas"]["EmergencyReview"];
            /**
             * Format: date-time
             * @description From when.
             */
            started_at: string;
            /**
             * Format: int32
             * @description Counts the changes; the `ETag` is this number in quotes.
             */
            version: number;
        };
        /** @description A page of emergency accesses. */
        EmergencyAccessList: {
            /** @description The emergency accesses, newest first. */
            items: components["schemas"]["EmergencyAccess"][];
            /** @description Where the next page starts. */
            next_cursor?: string | null;
        };
        /**
         * @description What kind of emergency it was.
         * @enum {string}
         */
        EmergencyReason: "treatment_emergency" | "patient_request_urgent" | "safety" | "other";
        /** @description The review of an emergency access. It stays open until somebody other than who used it closes it. */
        EmergencyReview: {
            finding?: components["schemas"]["Finding"] | null;
            /**
             * @description Whether the clinic has anybody who may: a privacy officer or an owner who is not the one who used it. Where it has
             *     nobody, the review stays open.
             */
            has_reviewer: boolean;
            /** @description What was found, in words. */
            note?: string | null;
            /**
             * Format: date-time
             * @description When it was closed.
             */
            reviewed_at?: string | null;
            /**
             * Format: uuid
             * @description The member who closed it.
             */
            reviewed_by?: string | null;
            /** @description Whether anybody has looked into it. */
            state: components["schemas"]["ReviewState"];
        };
        /**
         * @description Something that happened. It says that there is something to read, and reading it is another matter.
         * @example {
         *       "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a20",
         *       "object": {
         *         "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a21",
         *         "type": "share",
         *         "version": 1
         *       },
         *       "occurred_at": "2026-11-23T09:30:00Z",
         *       "sequence": 42,
         *       "type": "share.delivered"
         *     }
         */
        Event: {
            /**
             * Format: uuid
             * @description Its id, the same however often it is told: what has it already is told twice.
             */
            id: string;
            /** @description To what. */
            object: components["schemas"]["EventObject"];
            /**
             * Format: date-time
             * @description When.
             */
            occurred_at: string;
            /**
             * Format: int64
             * @description Counts the clinic's events. Whoever has seen one has seen all before it that it may see.
             */
            sequence: number;
            /** @description What happened. */
            type: components["schemas"]["EventType"];
        };
        /** @description A page of events. */
        EventList: {
            /** @description The events, oldest first. */
            items: components["schemas"]["Event"][];
            /** @description Where the next page starts. */
            next_cursor?: string | null;
        };
        /** @description The object of an event. */
        EventObject: {
            /**
             * Format: uuid
             * @description Its id.
             */
            id: string;
            /** @description What it is. */
            type: components["schemas"]["EventObjectType"];
            /**
             * Format: int32
             * @description Its version after what happened: of what has come since, there is another event.
             */
            version: number;
        };
        /**
         * @description What something happened to.
         * @enum {string}
         */
        EventObjectType: "consent" | "report" | "share" | "referral" | "incident" | "emergency_access";
        /**
         * @description What happened. The first word is what it happened to.
         * @enum {string}
         */
        EventType: "consent.activated" | "consent.declined" | "consent.revoked" | "consent.superseded" | "report.signed" | "share.delivered" | "share.opened" | "share.acknowledged" | "share.withdrawn" | "referral.draft" | "referral.sent" | "referral.received" | "referral.information_requested" | "referral.accepted" | "referral.declined" | "referral.redirected" | "referral.waitlisted" | "referral.scheduled" | "referral.no_show" | "referral.in_care" | "referral.cancellation_requested" | "referral.completed" | "referral.discontinued" | "referral.cancelled" | "referral.expired" | "referral.entered_in_error" | "referral.message" | "incident.opened" | "emergency_access.opened";
        /** @description One refused field. */
        FieldError: {
            /** @description A stable word for the rule that was broken: `required`, `unknown_field`, `invalid_type`, `too_long`, ... */
            code: string;
            /** @description The rule, in a sentence. */
            message: string;
            /**
             * @description Where in the request body, as a JSON pointer (RFC 6901); empty for the body as a whole. A query parameter or a
             *     header is named by itself.
             */
            pointer: string;
            /** @description Which part of the field it is, where it is not all of it. */
            span?: components["schemas"]["Span"];
        };
        /**
         * @description What a review found.
         * @enum {string}
         */
        Finding: "justified" | "not_justified";
        /** @description The third part: a goal. */
        Goal: {
            /** @description What is expected to come of it. */
            anticipated_outcome?: string;
            /** @description The goal. */
            goal: string;
            /** @description The `name` of the measure that tells whether it is reached. */
            measure?: string;
            /**
             * Format: double
             * @description The value to reach, in the measure's unit.
             */
            target?: number;
            /**
             * Format: date
             * @description By when.
             */
            target_date?: string;
        };
        /**
         * @description An incident, as owners and privacy officers see it. Whether it is a breach (45 CFR 164.402) is for them to find out.
         * @example {
         *       "closed_at": null,
         *       "closed_by": null,
         *       "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a15",
         *       "kind": "misdirected",
         *       "note": null,
         *       "patient_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a18",
         *       "recipient": {
         *         "clinic_id": null,
         *         "email": "kim@guest.example.org",
         *         "kind": "guest",
         *         "name": "Kim Guest",
         *         "practitioner_id": null
         *       },
         *       "referral_id": null,
         *       "report_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a17",
         *       "reported_at": "2026-11-23T10:00:00Z",
         *       "share_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a16",
         *       "state": "open",
         *       "version": 1,
         *       "was_read": false
         *     }
         */
        Incident: {
            /**
             * Format: date-time
             * @description When it was closed.
             */
            closed_at?: string | null;
            /**
             * Format: uuid
             * @description The member who closed it.
             */
            closed_by?: string | null;
            /**
             * Format: uuid
             * @description Its id.
             */
            id: string;
            /** @description What happened. */
            kind: components["schemas"]["IncidentKind"];
            /** @description What was found and done. */
            note?: string | null;
            /**
             * Format: uuid
             * @description The patient whom it is about.
             */
            patient_id: string;
            /** @description Whom it was sent to. */
            recipient: components["schemas"]["Recipient"];
            /**
             * Format: uuid
             * @description The referral that went astray.
             */
            referral_id?: string | null;
            /**
             * Format: uuid
             * @description The report that it holds.
             */
            report_id?: string | null;
            /**
             * Format: date-time
             * @description When it was reported.
             */
            reported_at: string;
            /**
             * Format: uuid
             * @description The share that went astray; `null` where it was a referral.
             */
            share_id?: string | null;
            /** @description Whether somebody has dealt with it. */
            state: components["schemas"]["IncidentState"];
            /**
             * Format: int32
             * @description Counts the changes; the `ETag` is this number in quotes.
             */
            version: number;
            /** @description Whether it had been read by then. */
            was_read: boolean;
        };
        /**
         * @description What happened.
         * @enum {string}
         */
        IncidentKind: "misdirected";
        /** @description A page of incidents. */
        IncidentList: {
            /** @description The incidents, newest first. */
            items: components["schemas"]["Incident"][];
            /** @description Where the next page starts. */
            next_cursor?: string | null;
        };
        /**
         * @description Whether somebody has dealt with it.
         * @enum {string}
         */
        IncidentState: "open" | "closed";
        /**
         * @description Invites a person into the clinic, by mail.
         * @example {
         *       "email": "bo@north.example.org",
         *       "name": "Bo Example",
         *       "profession": "massage_therapist",
         *       "role": "practitioner"
         *     }
         */
        Invite: {
            /**
             * Format: email
             * @description Where the invitation goes, and the address to sign in with later.
             */
            email: string;
            /** @description The person's name. */
            name: string;
            /** @description The person's National Provider Identifier, ten digits. */
            npi?: string | null;
            /** @description The profession; required of a practitioner. */
            profession?: string | null;
            /** @description What the person may do. */
            role: components["schemas"]["Role"];
        };
        /** @description A public key (RFC 7517): P-384 for ES384, RSA of 2048 bits or more for RS384, Ed25519 for EdDSA. */
        Jwk: {
            /** @description The one algorithm of the key; it follows from the type, and may be left out. */
            alg?: string;
            /** @description `P-384` or `Ed25519`. */
            crv?: string;
            /** @description The exponent of RSA, in base64url. */
            e?: string;
            /** @description `verify`. */
            key_ops?: string[];
            /** @description What an assertion names the key by; unlike every other one of the set. */
            kid: string;
            /** @description `EC`, `RSA` or `OKP`. */
            kty: string;
            /** @description The modulus of RSA, in base64url. */
            n?: string;
            /** @description `sig`. */
            use?: string;
            /** @description Of a curve, in base64url. */
            x?: string;
            /** @description Of P-384, in base64url. */
            y?: string;
        };
        /** @description A set of public keys (RFC 7517, 5). */
        Jwks: {
            /** @description The keys, 1 to 10. */
            keys: components["schemas"]["Jwk"][];
        };
        /**
         * @description Asks for a one-time code, sent to the contact that the clinic has on file.
         * @example {
         *       "secret": "Q1v0b8m6v4pW1b3tXh0m2n5r7y9u1w3e5t7i9o1p3a5"
         *     }
         */
        LinkChallenge: {
            /** @description What stands behind the `#` of the link. */
            secret: string;
        };
        /**
         * @description Where the code went.
         * @example {
         *       "expires_in": 600,
         *       "sent_to": "c…@patients.example.org"
         *     }
         */
        LinkCodeSent: {
            /**
             * Format: int32
             * @description How long the code lives, in seconds.
             */
            expires_in: number;
            /** @description The address, all but hidden. */
            sent_to: string;
        };
        /**
         * @description What the patient is asked, in plain words and as the statement to sign.
         * @example {
         *       "categories": [
         *         "progress_report"
         *       ],
         *       "categories_in_words": [
         *         "Progress reports"
         *       ],
         *       "clinic_name": "North Massage Clinic",
         *       "consent_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a22",
         *       "expires_at": "2027-05-23T00:00:00Z",
         *       "patient_name": "Casey Sample",
         *       "purpose": "treatment",
         *       "recipients": [
         *         {
         *           "clinic_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a13",
         *           "kind": "clinic",
         *           "name": "South Family Practice"
         *         }
         *       ],
         *       "state": "pending",
         *       "statement": "North Massage Clinic may give South Family Practice the progress report for treatment until 2027-05-23.",
         *       "statement_hash": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
         *       "two_way": false
         *     }
         */
        LinkConsent: {
            /** @description What may be shared. */
            categories: components["schemas"]["Category"][];
            /** @description The same in plain words, one for each category. */
            categories_in_words: string[];
            /** @description The clinic that asks. */
            clinic_name: string;
            /**
             * Format: uuid
             * @description The consent's id.
             */
            consent_id: string;
            /**
             * Format: date-time
             * @description Until when.
             */
            expires_at: string;
            /** @description The patient's name. */
            patient_name: string;
            /** @description What for, in plain words. */
            purpose: string;
            /** @description Who may receive. */
            recipients: components["schemas"]["Recipient"][];
            revocation_method?: components["schemas"]["ConsentMethod"] | null;
            /**
             * Format: date-time
             * @description When it was revoked.
             */
            revoked_at?: string | null;
            /**
             * Format: date-time
             * @description When it was signed.
             */
            signed_at?: string | null;
            /**
             * Format: date-time
             * @description From when, where that is not the signature.
             */
            starts_at?: string | null;
            /** @description Where it stands now. */
            state: components["schemas"]["ConsentState"];
            /** @description The text to sign, exactly as it will be kept. */
            statement: string;
            /** @description SHA-256 of the text's UTF-8 bytes, in hex; sent back with the signature. */
            statement_hash: string;
            /** @description Whether the recipients may report back to the clinic. */
            two_way: boolean;
        };
        /**
         * @description An open session. Its right is in an `HttpOnly` cookie; changes need the token too.
         * @example {
         *       "csrf_token": "u6mL0pHkqDqg0lC0JqvN1w",
         *       "expires_in": 1800
         *     }
         */
        LinkSession: {
            /** @description To be sent as `X-CSRF-Token` with each change. */
            csrf_token: string;
            /**
             * Format: int32
             * @description How long the session lives when nothing is done, in seconds.
             */
            expires_in: number;
        };
        /**
         * @description The patient's signature.
         * @example {
         *       "signed_name": "Casey Sample",
         *       "statement_hash": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
         *     }
         */
        LinkSignature: {
            /** @description The name, typed by the patient. */
            signed_name: string;
            /** @description The hash of the text that the patient saw. */
            statement_hash: string;
        };
        /** @description An event of the audit log with every column that it has in the database. */
        LogEvent: {
            /** @description What was done or tried, such as `share.read`. */
            action: string;
            /**
             * Format: uuid
             * @description The clinic of the member who acted.
             */
            actor_clinic_id?: string | null;
            /**
             * Format: uuid
             * @description The member who acted.
             */
            actor_id?: string | null;
            /** @description Who acted: `member`, `patient`, `anonymous` or `system`. */
            actor_kind: string;
            /**
             * Format: uuid
             * @description Whose record it is.
             */
            clinic_id: string;
            /**
             * Format: uuid
             * @description The consent that carried it.
             */
            consent_id?: string | null;
            /**
             * Format: uuid
             * @description Its id.
             */
            id: string;
            /**
             * Format: uuid
             * @description Its id.
             */
            object_id?: string | null;
            /** @description What it was done to. */
            object_type: string;
            /**
             * Format: date-time
             * @description When, to the microsecond.
             */
            occurred_at: string;
            /** @description How it ended: `permitted` or `denied`. */
            outcome: string;
            /**
             * Format: uuid
             * @description The patient concerned.
             */
            patient_id?: string | null;
            /** @description Why it was refused: a problem's slug. Of what was read under an emergency access: `emergency-access`. */
            reason?: string | null;
            /** @description The request. */
            request_id: string;
            /**
             * Format: uuid
             * @description Random, so that the hash of an event can't be undone by trying.
             */
            salt: string;
            /**
             * Format: int64
             * @description The database transaction that wrote it.
             */
            transaction_id: number;
        };
        /**
         * @description The first factor.
         * @example {
         *       "email": "ada@north.example.org",
         *       "password": "correct horse battery staple"
         *     }
         */
        Login: {
            /**
             * Format: email
             * @description The e-mail address of the account.
             */
            email: string;
            /**
             * Format: password
             * @description The password.
             */
            password: string;
        };
        /** @description A new webhook with its secret, shown this once. */
        MadeWebhook: {
            /** @description What its deliveries are signed with. */
            secret: components["schemas"]["NewWebhookSecret"];
            /** @description The webhook. */
            webhook: components["schemas"]["Webhook"];
        };
        /** @description The fourth part: an objective measure. */
        Measure: {
            /**
             * Format: double
             * @description The value at the start.
             */
            baseline?: number;
            /**
             * Format: date
             * @description When the baseline was taken.
             */
            baseline_on?: string;
            /**
             * Format: double
             * @description The value now.
             */
            current?: number;
            /**
             * Format: date
             * @description When the current value was taken.
             */
            current_on?: string;
            /** @description Which direction is good. */
            higher_is_better?: boolean;
            /** @description What is measured, such as "Stiffness intensity (VAS)". Unique within the report. */
            name: string;
            /** @description What the figures do not tell. */
            note?: string;
            /** @description The unit, such as "0-10", "in" or "%". */
            unit?: string;
        };
        /**
         * @description A person of a clinic. The id is the practitioner's id too, where the person has a profession.
         * @example {
         *       "created_at": "2026-11-23T09:00:00Z",
         *       "email": "robin@north.example.org",
         *       "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a11",
         *       "name": "Robin Example",
         *       "profession": "Massage therapist",
         *       "role": "owner",
         *       "state": "active",
         *       "version": 1
         *     }
         */
        Member: {
            /**
             * Format: date-time
             * @description When the person was invited or signed up.
             */
            created_at: string;
            /** @description The address that signs in. */
            email: string;
            /**
             * Format: uuid
             * @description The id.
             */
            id: string;
            /** @description The name. */
            name: string;
            /** @description The profession. */
            profession?: string | null;
            /** @description What the person may do. */
            role: components["schemas"]["Role"];
            /** @description Where the membership stands. */
            state: components["schemas"]["MemberState"];
            /**
             * Format: int32
             * @description Counts the changes; the `ETag` is this number in quotes.
             */
            version: number;
        };
        /** @description A page of members. */
        MemberList: {
            /** @description The members, newest first. */
            items: components["schemas"]["Member"][];
            /** @description Where the next page starts. */
            next_cursor?: string | null;
        };
        /**
         * @description Where a membership stands.
         * @enum {string}
         */
        MemberState: "invited" | "active" | "ended";
        /**
         * @description The second factor.
         * @example {
         *       "code": "123456"
         *     }
         */
        MfaCode: {
            /** @description The six digits that the authenticator shows now. A code works once. */
            code: string;
        };
        /**
         * @description What an authenticator app needs (RFC 6238: SHA-1, 6 digits, 30 seconds).
         * @example {
         *       "otpauth_uri": "otpauth://totp/Rapport:ada%40north.example.org?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Rapport",
         *       "secret": "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
         *     }
         */
        MfaEnrolment: {
            /** @description The `otpauth://` address, for a QR code. */
            otpauth_uri: string;
            /** @description The same secret in base 32, to be typed. */
            secret: string;
        };
        /**
         * @description The second step: one of the two tokens, to be sent as the bearer token of `/v1/auth/mfa/*`. It lives 10 minutes.
         * @example {
         *       "expires_in": 600,
         *       "mfa_token": "Q1v0b8m6v4pW1b3tXh0m2n5r7y9u1w3e5t7i9o1p3a5"
         *     }
         */
        MfaNeeded: {
            /**
             * Format: int32
             * @description How long the token lives, in seconds.
             */
            expires_in: number;
            /** @description The account has none yet: fetch its secret at `/v1/auth/mfa/enrol`, then send a code. */
            mfa_enrolment_token?: string | null;
            /** @description The account has an authenticator: send a code to `/v1/auth/mfa/verify`. */
            mfa_token?: string | null;
        };
        /**
         * @description A new client. It proves itself by a key, given here or at an address, or by a secret, which is made afterwards.
         * @example {
         *       "jwks_uri": "https://software.example.org/.well-known/jwks.json",
         *       "name": "Practice software",
         *       "scopes": [
         *         "patients:read",
         *         "reports:read"
         *       ]
         *     }
         */
        NewApiClient: {
            /**
             * Format: uuid
             * @description The member in whose name it writes: drafts, questions to patients, shares. Without one it writes none of these.
             */
            author_id?: string | null;
            jwks?: components["schemas"]["Jwks"] | null;
            /** @description Where the public keys are: https, a name and no number, the standard port. */
            jwks_uri?: string | null;
            /** @description What the clinic calls it. */
            name: string;
            /** @description What it may do. */
            scopes: components["schemas"]["Scope"][];
        };
        /**
         * @description A secret, shown this once.
         * @example {
         *       "client_secret": "mJ0w9f3k2l1n5b7v8c6x4z2a0s9d8f7g6h5j4k3l2q1",
         *       "created_at": "2026-11-23T09:30:00Z",
         *       "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a14"
         *     }
         */
        NewApiClientSecret: {
            /** @description The secret: 256 random bits in base64url. Only its hash is kept. */
            client_secret: string;
            /**
             * Format: date-time
             * @description When it was made.
             */
            created_at: string;
            /**
             * Format: uuid
             * @description Its id.
             */
            id: string;
        };
        /**
         * @description Adds a file to a report.
         * @example {
         *       "content": "Rm9yd2FyZCA0IGluCg==",
         *       "file_name": "Range of motion.txt",
         *       "media_type": "text/plain"
         *     }
         */
        NewAttachment: {
            /** @description The file in base 64 (RFC 4648), at most 8 MiB decoded. Images are kept without any metadata. */
            content: string;
            /**
             * @description What it is called. It is kept without folders, control characters and marks that turn the direction of writing, and
             *     with the one extension of its type.
             */
            file_name: string;
            /** @description `application/pdf`, `image/png`, `image/jpeg` or `text/plain`; the content must be of that type. */
            media_type: string;
        };
        /** @description A clinic that signs up. */
        NewClinic: {
            /** @description The postal address, on one line. */
            address?: string | null;
            /** @description The name that patients know it by. */
            name: string;
            /** @description The organisation's National Provider Identifier (type 2), ten digits. */
            npi?: string | null;
            /** @description A telephone number. */
            phone?: string | null;
        };
        /**
         * @description Asks the patient.
         * @example {
         *       "categories": [
         *         "treatment_plan",
         *         "progress_report",
         *         "outcome_measures"
         *       ],
         *       "expires_at": "2027-11-23T00:00:00Z",
         *       "purpose": "treatment",
         *       "recipients": [
         *         {
         *           "clinic_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a13"
         *         }
         *       ],
         *       "two_way": true
         *     }
         */
        NewConsent: {
            /** @description What may be shared. */
            categories: components["schemas"]["Category"][];
            /**
             * Format: date-time
             * @description Until when (the moment itself is outside).
             */
            expires_at: string;
            /**
             * @description What for: `treatment`, `care_coordination`, `second_opinion`, or a purpose in your own words. A share must name
             *     the same one.
             */
            purpose: string;
            /** @description Who may receive, 1 to 10. */
            recipients: components["schemas"]["RecipientChoice"][];
            /**
             * Format: date-time
             * @description From when; from the signature on, if left out.
             */
            starts_at?: string | null;
            /**
             * @description Whether the recipients may report back to this clinic.
             * @default false
             */
            two_way?: boolean;
        };
        /** @description Whom an opinion that names nobody is about, as far as that may be told. */
        NewOpinionSubject: {
            /**
             * Format: int32
             * @description The age in years. Of a patient of the sender's own records it is taken from there, and not taken here.
             */
            age?: number | null;
            /**
             * Format: int32
             * @description The year in which it began: of a date nothing else is told.
             */
            onset_year?: number | null;
            sex?: components["schemas"]["Sex"] | null;
            /** @description The state of the United States, in two letters: nothing smaller is told. */
            state?: string | null;
        };
        /** @description The person who signs a clinic up. */
        NewOwner: {
            /**
             * Format: email
             * @description The address to sign in with.
             */
            email: string;
            /** @description The person's name, as it stands under reports. */
            name: string;
            /** @description The person's National Provider Identifier (type 1), ten digits. Not everybody has one. */
            npi?: string | null;
            /**
             * Format: password
             * @description At least 15 characters; a sentence is fine, no kind of character is demanded (NIST SP 800-63B-4).
             */
            password: string;
            /** @description The profession, such as `massage_therapist`, `physical_therapist`, `physician`, `counselor`. */
            profession: string;
        };
        /**
         * @description A new patient record.
         * @example {
         *       "birth_date": "1953-04-17",
         *       "email": "casey@patients.example.org",
         *       "family_name": "Sample",
         *       "given_name": "Casey",
         *       "mrn": "N-1001",
         *       "phone": "555-0111"
         *     }
         */
        NewPatient: {
            /**
             * Format: date
             * @description Date of birth; the patient's second fact when opening a consent link.
             */
            birth_date: string;
            /**
             * Format: email
             * @description Where consent links and codes go.
             */
            email?: string | null;
            /** @description Family name. */
            family_name: string;
            /** @description Given names. */
            given_name: string;
            /** @description The clinic's own record number, unique within it. */
            mrn?: string | null;
            /** @description A telephone number. */
            phone?: string | null;
        };
        /**
         * @description Writes a referral, or asks for a second opinion. It stays a draft until it is sent.
         *
         *     A second opinion names nobody unless it is told otherwise: the recipient gets no patient, `condition`, `reason`, `question` and
         *     `requested_services` are looked through for identifiers, the author attests that nothing else identifies, and it goes
         *     without consent. With `deidentified: false` it passes as a referral does.
         * @example {
         *       "condition": "Low back stiffness of six months, worse in the morning",
         *       "kind": "referral",
         *       "patient_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a18",
         *       "question": "Is a course of six visits worth trying?",
         *       "reason": "Manual treatment before imaging is considered",
         *       "recipient": {
         *         "clinic_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a13"
         *       },
         *       "requested_services": [
         *         "Evaluation",
         *         "Massage therapy"
         *       ],
         *       "urgency": "routine"
         *     }
         */
        NewReferral: {
            about?: components["schemas"]["NewOpinionSubject"] | null;
            /**
             * @description An opinion that names nobody: `true`, by a person, that to the author's knowledge nothing in it identifies the patient, alone or
             *     with what else is known (45 CFR 164.514(b)(2)(ii)). Who said so and when is kept.
             */
            attestation?: boolean | null;
            /** @description What the patient has, in the sender's words. */
            condition: string;
            /** @description A second opinion: whether it names nobody; `true` if left out. */
            deidentified?: boolean | null;
            /**
             * Format: uuid
             * @description A referral: the second opinion of this clinic that it comes of. Its recipient is not told.
             */
            from_opinion?: string | null;
            /** @description What is asked. */
            kind: components["schemas"]["ReferralKind"];
            /**
             * Format: uuid
             * @description The patient, of the sender's own records. An opinion that names nobody does without; where it has one, that stays with the
             *     sender: the age is taken from the record, and what is known from there is found in the words.
             */
            patient_id?: string | null;
            /** @description What the sender wants to know. */
            question?: string | null;
            /** @description Why the patient is referred. */
            reason: string;
            /** @description A clinic, a practitioner, or, of a referral, somebody who has no account. */
            recipient: components["schemas"]["RecipientChoice"];
            /** @description What is asked for. */
            requested_services?: string[];
            /** @description Shares of reports to the same recipient that go with it. */
            share_ids?: string[];
            /** @description How soon. */
            urgency: components["schemas"]["Urgency"];
        };
        /**
         * @description Writes to the other side of a referral.
         * @example {
         *       "text": "She can come on Tuesdays only. Would a morning do?"
         *     }
         */
        NewReferralMessage: {
            /** @description The words. */
            text: string;
        };
        /**
         * @description A new draft.
         * @example {
         *       "body": {
         *         "goals": [
         *           {
         *             "goal": "Less morning stiffness",
         *             "measure": "Stiffness intensity (VAS)"
         *           }
         *         ],
         *         "measures": [
         *           {
         *             "baseline": 5,
         *             "current": 0.75,
         *             "higher_is_better": false,
         *             "name": "Stiffness intensity (VAS)",
         *             "unit": "0-10"
         *           }
         *         ],
         *         "schedule": {
         *           "duration": "28 days",
         *           "frequency": "Twice a week",
         *           "visits_attended": 7
         *         },
         *         "treatment": {
         *           "what": "Swedish massage",
         *           "why": "Chosen for stiffness"
         *         }
         *       },
         *       "kind": "progress_report",
         *       "patient_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a12"
         *     }
         */
        NewReport: {
            /** @description Its content so far; a draft may be incomplete. */
            body?: components["schemas"]["ReportBody"];
            /** @description What it is. */
            kind: components["schemas"]["ReportKind"];
            /**
             * Format: uuid
             * @description The patient it is about.
             */
            patient_id: string;
            /**
             * @description Which sensitive categories it touches: `mental_health`, `substance_use`, `reproductive_health`. A share of it then
             *     needs a consent that names them.
             */
            sensitive_categories?: components["schemas"]["SensitiveCategory"][];
        };
        /**
         * @description Shares the newest signed version of a report.
         * @example {
         *       "cover_letter": "Thank you for looking at how our shared patient is doing.",
         *       "purpose": "treatment",
         *       "recipient": {
         *         "clinic_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a13"
         *       },
         *       "sections": [
         *         "treatment",
         *         "schedule",
         *         "goals",
         *         "measures",
         *         "follow_up"
         *       ]
         *     }
         */
        NewShare: {
            /** @description Why it is sent, in a few words to the reader. It is read through the gate like the report. */
            cover_letter?: string | null;
            /** @description What for; one that the patient agreed to. */
            purpose: string;
            /** @description A practitioner, a clinic, or a guest by name and e-mail address, who is sent a link. */
            recipient: components["schemas"]["RecipientChoice"];
            /** @description Which sections; all that the version has, its `attachments` among them, if left out. */
            sections?: components["schemas"]["Section"][] | null;
        };
        /**
         * @description A new webhook.
         * @example {
         *       "types": [
         *         "share.delivered",
         *         "consent.revoked"
         *       ],
         *       "url": "https://software.example.org/rapport"
         *     }
         */
        NewWebhook: {
            /** @description Which events; all of them if left out. */
            types?: components["schemas"]["EventType"][];
            /**
             * Format: uri
             * @description Where to: https, a name and no number, the standard port, written as a browser would.
             */
            url: string;
        };
        /**
         * @description A secret, shown this once.
         * @example {
         *       "created_at": "2026-11-23T09:30:00Z",
         *       "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a14",
         *       "public_key": "whpk_11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=",
         *       "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo="
         *     }
         */
        NewWebhookSecret: {
            /**
             * Format: date-time
             * @description When it was made.
             */
            created_at: string;
            /**
             * Format: uuid
             * @description Its id.
             */
            id: string;
            /** @description What its `v1a` signatures are verified with: `whpk_` and an Ed25519 key in base64. */
            public_key: string;
            /** @description What its `v1` signatures are verified with: `whsec_` and 32 random bytes in base64. */
            secret: string;
        };
        /**
         * @description Opens a patient's reports in an emergency.
         * @example {
         *       "code": "123456",
         *       "explanation": "The patient fainted at the desk, and nobody who treats is in the house.",
         *       "reason": "treatment_emergency"
         *     }
         */
        OpenEmergencyAccess: {
            /** @description The six digits that the caller's authenticator shows now. A code works once. */
            code: string;
            /** @description The same in words. */
            explanation: string;
            /** @description What kind of emergency it is. */
            reason: components["schemas"]["EmergencyReason"];
        };
        /**
         * @description Opens a session for this link alone.
         * @example {
         *       "birth_date": "1953-04-17",
         *       "code": "123456",
         *       "secret": "Q1v0b8m6v4pW1b3tXh0m2n5r7y9u1w3e5t7i9o1p3a5"
         *     }
         */
        OpenLinkSession: {
            /**
             * Format: date
             * @description The patient's date of birth.
             */
            birth_date: string;
            /** @description The six digits that were sent. */
            code: string;
            /** @description What stands behind the `#` of the link. */
            secret: string;
        };
        /**
         * @description Opens a session for this share alone.
         * @example {
         *       "code": "123456",
         *       "secret": "Q1v0b8m6v4pW1b3tXh0m2n5r7y9u1w3e5t7i9o1p3a5"
         *     }
         */
        OpenShareLinkSession: {
            /** @description The six digits that were sent. */
            code: string;
            /** @description What stands behind the `#` of the link. */
            secret: string;
        };
        /**
         * @description What the asked practitioner thinks: the answer that closes a second opinion in the place of a report.
         * @example {
         *       "assessment": "This fits cervicogenic headache with a migraine besides; the range improved, the index did not by enough.",
         *       "red_flags": [
         *         "Any new neurological sign: refer the same day"
         *       ],
         *       "suggestions": [
         *         "Add deep neck flexor training",
         *         "Measure the index again after six weeks"
         *       ]
         *     }
         */
        OpinionAnswer: {
            /** @description What it thinks of it. */
            assessment: string;
            /** @description What must not be missed. */
            red_flags?: string[];
            /** @description What it would do. */
            suggestions?: string[];
        };
        /** @description That its author knows of nothing in it that tells who the patient is (45 CFR 164.514(b)(2)(ii)). */
        OpinionAttestation: {
            /**
             * Format: date-time
             * @description Since when.
             */
            at: string;
            /** @description Who says so. */
            by: string;
        };
        /** @description Whom an opinion that names nobody is about. */
        OpinionSubject: {
            /** @description The age in years when it was written, in figures; `90 or older` for whoever is. */
            age?: string | null;
            /**
             * Format: int32
             * @description The year in which it began.
             */
            onset_year?: number | null;
            sex?: components["schemas"]["Sex"] | null;
            /** @description The state, in two letters. */
            state?: string | null;
        };
        /**
         * @description How an act ended.
         * @enum {string}
         */
        Outcome: "permitted" | "denied";
        /** @description A scanned form. */
        PaperForm: {
            /** @description The file in base 64 (RFC 4648), at most 8 MiB decoded. */
            content: string;
            /** @description `application/pdf`, `image/png` or `image/jpeg`; the content must be of that type. */
            media_type: string;
        };
        /**
         * @description Records a signature on paper.
         * @example {
         *       "attested": true,
         *       "form": {
         *         "content": "JVBERi0xLjQKJcOkw7zDtsOfCg==",
         *         "media_type": "application/pdf"
         *       },
         *       "signed_name": "Casey Sample",
         *       "signed_on": "2026-11-20"
         *     }
         */
        PaperSignature: {
            /** @description Must be `true`: the member attests that this form was signed by this patient. */
            attested: boolean;
            /** @description The scan. */
            form: components["schemas"]["PaperForm"];
            /** @description The name under the form. */
            signed_name: string;
            /**
             * Format: date
             * @description The date beside the signature.
             */
            signed_on: string;
        };
        /** @description The referrals between the caller's clinic and another one. */
        PartnerFigures: {
            /** @description The other clinic. */
            clinic: components["schemas"]["ClinicName"];
            received?: components["schemas"]["ReferralFigures"] | null;
            sent?: components["schemas"]["ReferralFigures"] | null;
        };
        /**
         * @description A patient record.
         * @example {
         *       "birth_date": "1953-04-17",
         *       "created_at": "2026-11-23T09:00:00Z",
         *       "email": "casey@patients.example.org",
         *       "family_name": "Sample",
         *       "given_name": "Casey",
         *       "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a12",
         *       "mrn": "N-1001",
         *       "phone": "555-0111",
         *       "updated_at": "2026-11-23T09:00:00Z",
         *       "version": 1
         *     }
         */
        Patient: {
            /**
             * Format: date
             * @description Date of birth.
             */
            birth_date: string;
            /**
             * Format: date-time
             * @description When the record was made.
             */
            created_at: string;
            /** @description Where consent links and codes go. */
            email?: string | null;
            /** @description Family name. */
            family_name: string;
            /** @description Given names. */
            given_name: string;
            /**
             * Format: uuid
             * @description Its id.
             */
            id: string;
            /** @description The clinic's own record number. */
            mrn?: string | null;
            /** @description A telephone number. */
            phone?: string | null;
            /**
             * Format: date-time
             * @description When it was last changed.
             */
            updated_at: string;
            /**
             * Format: int32
             * @description Counts the changes; the `ETag` is this number in quotes.
             */
            version: number;
        };
        /** @description A page of patients. */
        PatientList: {
            /** @description The patients, the newest record first. */
            items: components["schemas"]["Patient"][];
            /** @description Where the next page starts. */
            next_cursor?: string | null;
        };
        /**
         * @description A change of a patient record; a field left out stays, `null` clears.
         * @example {
         *       "phone": "555-0112"
         *     }
         */
        PatientPatch: {
            /**
             * Format: date
             * @description Date of birth.
             */
            birth_date?: string;
            /**
             * Format: email
             * @description Where consent links and codes go.
             */
            email?: string | null;
            /** @description Family name. */
            family_name?: string;
            /** @description Given names. */
            given_name?: string;
            /** @description The clinic's own record number. */
            mrn?: string | null;
            /** @description A telephone number. */
            phone?: string | null;
        };
        /**
         * @description What to look for. At least one field; all that are given must match.
         * @example {
         *       "family_name": "Sam"
         *     }
         */
        PatientSearch: {
            /**
             * Format: date
             * @description The exact date of birth.
             */
            birth_date?: string | null;
            /** @description The first letters of a family name; case and accents do not matter. */
            family_name?: string | null;
            /** @description The exact record number. */
            mrn?: string | null;
        };
        /**
         * @description A practitioner as every signed-in clinic sees one.
         * @example {
         *       "clinic": {
         *         "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a11",
         *         "name": "North Massage Therapy (demo)"
         *       },
         *       "focus": [
         *         "chronic_pain"
         *       ],
         *       "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a10",
         *       "is_accepting": true,
         *       "name": "Ada Example",
         *       "npi": "1234567893",
         *       "nucc_code": "225700000X",
         *       "profession": "massage_therapist",
         *       "version": 1
         *     }
         */
        Practitioner: {
            /** @description Where the practitioner works. */
            clinic: components["schemas"]["ClinicName"];
            /** @description What the practitioner concentrates on, such as `chronic_pain`. */
            focus: string[];
            /**
             * Format: uuid
             * @description The id to name in a consent or a share.
             */
            id: string;
            /** @description Whether new patients are welcome. */
            is_accepting: boolean;
            /** @description The name. */
            name: string;
            /** @description The National Provider Identifier. It says that the person is enumerated, not that a licence is in force. */
            npi?: string | null;
            /** @description The Health Care Provider Taxonomy code (NUCC) of the profession, where there is one. */
            nucc_code?: string | null;
            /** @description The profession. */
            profession: string;
            /**
             * Format: int32
             * @description Counts the changes; the `ETag` is this number in quotes.
             */
            version: number;
        };
        /** @description A page of the directory. */
        PractitionerList: {
            /** @description The practitioners, newest first. */
            items: components["schemas"]["Practitioner"][];
            /** @description Where the next page starts. */
            next_cursor?: string | null;
        };
        /**
         * @description A change of one's own entry; a field left out stays, `null` clears.
         * @example {
         *       "focus": [
         *         "chronic_pain",
         *         "sports"
         *       ],
         *       "is_accepting": true
         *     }
         */
        PractitionerPatch: {
            /** @description What the practitioner concentrates on, at most 20 words. */
            focus?: string[];
            /** @description Whether new patients are welcome. */
            is_accepting?: boolean;
            /** @description The National Provider Identifier, ten digits; `null` takes it out. */
            npi?: string | null;
            /** @description The profession. */
            profession?: string;
        };
        /**
         * @description What went wrong, as `application/problem+json` (RFC 9457).
         *
         *     It never holds health information, a submitted value, SQL, a path or a stack.
         * @example {
         *       "categories": [
         *         "history"
         *       ],
         *       "detail": "The patient's consent does not cover: history.",
         *       "request_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a10",
         *       "status": 403,
         *       "title": "The consent does not cover all of this",
         *       "type": "/problems/consent-too-narrow"
         *     }
         */
        Problem: {
            /** @description Of `illegal-transition`: the verbs open to this caller now. */
            allowed?: string[] | null;
            /** @description Of `consent-too-narrow`: the categories that the consent lacks. */
            categories?: components["schemas"]["Category"][] | null;
            /** @description What to change, for the person who reads it. */
            detail: string;
            /** @description Of the OAuth endpoints: the word of RFC 6749, 5.2, such as `invalid_client`. */
            error?: string | null;
            /** @description Of the OAuth endpoints: the detail again, under the name that RFC 6749, 5.2 has for it. */
            error_description?: string | null;
            /** @description Of `validation` and `report-incomplete`: each field that was refused. */
            errors?: components["schemas"]["FieldError"][];
            /** @description Quote it when you ask us about this request. */
            request_id: string;
            /**
             * Format: int32
             * @description The HTTP status code.
             */
            status: number;
            /** @description The kind in a few words, the same each time. */
            title: string;
            /** @description The kind, as the address of a page that explains it: `/problems/<slug>`. */
            type: string;
        };
        /**
         * @description A recipient, as the patient was told.
         * @example {
         *       "clinic_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a13",
         *       "kind": "clinic",
         *       "name": "South Family Practice"
         *     }
         */
        Recipient: {
            /**
             * Format: uuid
             * @description The clinic, or the practitioner's clinic.
             */
            clinic_id?: string | null;
            /** @description The address of somebody without an account. */
            email?: string | null;
            /** @description What it is. */
            kind: components["schemas"]["RecipientKind"];
            /** @description The name; of a practitioner with the clinic's. */
            name: string;
            /**
             * Format: uuid
             * @description The practitioner, where it is one.
             */
            practitioner_id?: string | null;
        };
        /**
         * @description Whom to name: exactly one of a practitioner, a clinic (which covers its practitioners), or a name with an e-mail
         *     address.
         * @example {
         *       "clinic_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a13"
         *     }
         */
        RecipientChoice: {
            /**
             * Format: uuid
             * @description This clinic and its practitioners.
             */
            clinic_id?: string | null;
            /**
             * Format: email
             * @description ... and the e-mail address.
             */
            email?: string | null;
            /** @description Somebody without an account: the name ... */
            name?: string | null;
            /**
             * Format: uuid
             * @description This practitioner alone.
             */
            practitioner_id?: string | null;
        };
        /**
         * @description What a recipient is.
         * @enum {string}
         */
        RecipientKind: "practitioner" | "clinic" | "guest";
        /**
         * @description A referral. Lists hold it without `content`.
         * @example {
         *       "allowed": [
         *         "cancel",
         *         "enter_in_error"
         *       ],
         *       "awaits": "recipient",
         *       "content": {
         *         "condition": "Low back stiffness of six months, worse in the morning",
         *         "notes": [],
         *         "question": "Is a course of six visits worth trying?",
         *         "reason": "Manual treatment before imaging is considered",
         *         "requested_services": [
         *           "Evaluation"
         *         ],
         *         "share_ids": []
         *       },
         *       "created_at": "2026-11-23T09:00:00Z",
         *       "due_at": "2026-11-25T09:05:00Z",
         *       "expires_at": "2026-12-23T09:05:00Z",
         *       "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a24",
         *       "kind": "referral",
         *       "overdue": false,
         *       "patient_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a12",
         *       "recipient": {
         *         "clinic_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a13",
         *         "kind": "clinic",
         *         "name": "South Family Practice"
         *       },
         *       "sender_clinic": {
         *         "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a10",
         *         "name": "North Massage Clinic"
         *       },
         *       "sent_at": "2026-11-23T09:05:00Z",
         *       "sent_by": {
         *         "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a11",
         *         "name": "Robin Example",
         *         "profession": "Massage therapist"
         *       },
         *       "state": "sent",
         *       "urgency": "routine",
         *       "version": 2
         *     }
         */
        Referral: {
            /**
             * Format: date-time
             * @description When the recipient accepted it.
             */
            accepted_at?: string | null;
            /** @description The verbs that are open to the caller now. */
            allowed: components["schemas"]["ReferralVerb"][];
            /**
             * Format: date-time
             * @description When the recipient first answered.
             */
            answered_at?: string | null;
            /**
             * Format: date-time
             * @description When the appointment is.
             */
            appointment_at?: string | null;
            awaits?: components["schemas"]["ReferralSide"] | null;
            /**
             * Format: date-time
             * @description When it came to its last state.
             */
            closed_at?: string | null;
            /**
             * Format: uuid
             * @description The share of the report that closed it.
             */
            closing_share_id?: string | null;
            /** @description What it says. */
            content?: components["schemas"]["ReferralContent"];
            /**
             * Format: date-time
             * @description When it was written.
             */
            created_at: string;
            /** @description Whether it names nobody: it tells the recipient of no patient, and takes no consent. */
            deidentified?: boolean;
            /**
             * Format: date-time
             * @description When the answer, or once it was accepted the report, is due.
             */
            due_at?: string | null;
            /**
             * Format: date-time
             * @description When it lapses if nobody has accepted it by then.
             */
            expires_at?: string | null;
            /**
             * Format: uuid
             * @description The second opinion that it comes of. For its sender alone.
             */
            from_opinion?: string | null;
            /**
             * Format: uuid
             * @description Its id.
             */
            id: string;
            instead?: components["schemas"]["Recipient"] | null;
            /** @description What is asked. */
            kind: components["schemas"]["ReferralKind"];
            /** @description Of a referral to a guest, for its sender: how the newest link fares. Lists do without. */
            link?: components["schemas"]["ShareLinkStatus"];
            /** @description Whether that has passed. */
            overdue?: boolean;
            /**
             * Format: uuid
             * @description The caller's own record of the patient: the sender's, and the recipient's once it has accepted.
             */
            patient_id?: string | null;
            /**
             * Format: date-time
             * @description When the recipient first read it.
             */
            received_at?: string | null;
            /** @description Who is asked. */
            recipient: components["schemas"]["Recipient"];
            /**
             * Format: date-time
             * @description When an appointment was first made.
             */
            scheduled_at?: string | null;
            /** @description The clinic that refers. */
            sender_clinic: components["schemas"]["ClinicName"];
            /**
             * Format: date-time
             * @description When it was sent.
             */
            sent_at?: string | null;
            /** @description The practitioner who refers. */
            sent_by: components["schemas"]["Author"];
            /**
             * Format: date-time
             * @description When the treatment began.
             */
            started_at?: string | null;
            /** @description Where it stands. */
            state: components["schemas"]["ReferralState"];
            /** @description How soon. */
            urgency: components["schemas"]["Urgency"];
            /**
             * Format: int32
             * @description Counts the changes; the `ETag` is this number in quotes.
             */
            version: number;
        };
        /** @description What a referral says. For its sender, and for the recipient through the gate. */
        ReferralContent: {
            about?: components["schemas"]["OpinionSubject"] | null;
            answer?: components["schemas"]["OpinionAnswer"] | null;
            attestation?: components["schemas"]["OpinionAttestation"] | null;
            /** @description What the patient has. */
            condition: string;
            /**
             * Format: date-time
             * @description Until when the patient's consent runs, as it stands. `null` for the sender, and where there is none to ask for.
             */
            consent_expires_at?: string | null;
            /** @description What either side said with its moves, the first one first. */
            notes: components["schemas"]["ReferralNote"][];
            patient?: components["schemas"]["ReferredPatient"] | null;
            /** @description What the sender wants to know. */
            question?: string | null;
            /** @description Why the patient is referred. */
            reason: string;
            /** @description What is asked for. */
            requested_services: string[];
            /** @description The shares that go with it; each is read through the gate by itself. */
            share_ids: string[];
        };
        /**
         * @description How many referrals came how far. Whole numbers of referrals that were sent in the time that was asked for.
         * @example {
         *       "accepted": 9,
         *       "answered": 10,
         *       "cancelled": 1,
         *       "expired": 0,
         *       "median_days_to_answer": 1.5,
         *       "median_days_to_report": 34,
         *       "open": 3,
         *       "overdue": 1,
         *       "received": 11,
         *       "reported": 7,
         *       "sent": 12,
         *       "turned_down": 1
         *     }
         */
        ReferralFigures: {
            /**
             * Format: int64
             * @description Accepted.
             */
            accepted: number;
            /**
             * Format: int64
             * @description Answered: accepted, declined, redirected, or asked back.
             */
            answered: number;
            /**
             * Format: int64
             * @description Cancelled, or entered in error.
             */
            cancelled: number;
            /**
             * Format: int64
             * @description Lapsed without an answer.
             */
            expired: number;
            /**
             * Format: double
             * @description The median time from sending to the first answer, in days. `null` while there is none.
             */
            median_days_to_answer?: number | null;
            /**
             * Format: double
             * @description The median time from sending to the report, in days. `null` while there is none.
             */
            median_days_to_report?: number | null;
            /**
             * Format: int64
             * @description Still open.
             */
            open: number;
            /**
             * Format: int64
             * @description Of the open ones, past what was due.
             */
            overdue: number;
            /**
             * Format: int64
             * @description Of these, read.
             */
            received: number;
            /**
             * Format: int64
             * @description The loop closed: a signed report went back.
             */
            reported: number;
            /**
             * Format: int64
             * @description Sent.
             */
            sent: number;
            /**
             * Format: int64
             * @description Declined or redirected.
             */
            turned_down: number;
        };
        /**
         * @description What is asked of the other clinic.
         * @enum {string}
         */
        ReferralKind: "referral" | "second_opinion";
        /** @description A page of referrals. It holds no health information and no patient's name: that takes a reading. */
        ReferralList: {
            /** @description The referrals, newest first, without `content`. */
            items: components["schemas"]["Referral"][];
            /** @description Where the next page starts. */
            next_cursor?: string | null;
        };
        /**
         * @description What one side of a referral wrote to the other, and whether it has arrived.
         * @example {
         *       "by": {
         *         "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a13",
         *         "name": "Ada Example",
         *         "profession": "massage_therapist"
         *       },
         *       "clinic_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a12",
         *       "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a21",
         *       "read_at": null,
         *       "read_by": null,
         *       "text": "She can come on Tuesdays only. Would a morning do?",
         *       "written_at": "2026-11-27T09:00:00Z"
         *     }
         */
        ReferralMessage: {
            /** @description Who wrote it, or in whose name it was written. */
            by: components["schemas"]["Author"];
            /**
             * Format: uuid
             * @description The clinic that it comes from.
             */
            clinic_id: string;
            /**
             * Format: uuid
             * @description Its id.
             */
            id: string;
            /**
             * Format: date-time
             * @description When somebody of the other side first read it. The author's own reading is none.
             */
            read_at?: string | null;
            read_by?: components["schemas"]["Author"] | null;
            /** @description The words. */
            text: string;
            /**
             * Format: date-time
             * @description When.
             */
            written_at: string;
        };
        /** @description A page of messages. */
        ReferralMessageList: {
            /** @description The messages, newest first. */
            items: components["schemas"]["ReferralMessage"][];
            /** @description Where the next page starts. */
            next_cursor?: string | null;
        };
        /**
         * @description What goes with a verb. Each takes its own, and refuses what it does not take.
         * @example {
         *       "note": "We could see the patient in three months at the earliest.",
         *       "reason": "no_capacity"
         *     }
         */
        ReferralMove: {
            answer?: components["schemas"]["OpinionAnswer"] | null;
            /**
             * Format: date-time
             * @description `schedule`: when the appointment is.
             */
            appointment_at?: string | null;
            /** @description With what the sender says in an opinion that names nobody: `true`, that nothing in it identifies the patient. */
            attestation?: boolean | null;
            instead?: components["schemas"]["RecipientChoice"] | null;
            /**
             * @description In words, to the other side: with every verb; `request_information` and `provide_information` need it, and the reason
             *     `other` does.
             */
            note?: string | null;
            /**
             * Format: uuid
             * @description `accept`: the recipient's own record of the patient, if it has one; else one is made.
             */
            patient_id?: string | null;
            reason?: components["schemas"]["ReferralReason"] | null;
            /**
             * Format: uuid
             * @description `complete` and `discontinue` of a referral: the share of a signed report with the sender that closes the loop.
             */
            share_id?: string | null;
        };
        /** @description What somebody said with a move. */
        ReferralNote: {
            /**
             * Format: date-time
             * @description When.
             */
            at: string;
            /**
             * Format: uuid
             * @description The clinic that it comes from.
             */
            clinic_id: string;
            /** @description The words. */
            text: string;
            /** @description With which move. */
            verb: components["schemas"]["ReferralVerb"];
        };
        /**
         * @description Why a referral was declined, redirected, cancelled, or ended early.
         * @enum {string}
         */
        ReferralReason: "out_of_scope" | "no_capacity" | "insurance" | "missing_information" | "conflict" | "patient_declined" | "unreachable" | "no_longer_needed" | "mistaken" | "other";
        /**
         * @description A side of a referral.
         * @enum {string}
         */
        ReferralSide: "sender" | "recipient";
        /**
         * @description Where a referral stands. Those marked with an asterisk are the last.
         * @enum {string}
         */
        ReferralState: "draft" | "sent" | "received" | "information_requested" | "accepted" | "declined" | "redirected" | "waitlisted" | "scheduled" | "no_show" | "in_care" | "cancellation_requested" | "completed" | "discontinued" | "cancelled" | "expired" | "entered_in_error";
        /**
         * @description How a clinic's referrals fared. Counts only: no patient, and no ranking.
         * @example {
         *       "partners": [
         *         {
         *           "clinic": {
         *             "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a10",
         *             "name": "North Massage Clinic"
         *           }
         *         }
         *       ],
         *       "received": {
         *         "accepted": 9,
         *         "answered": 10,
         *         "cancelled": 1,
         *         "expired": 0,
         *         "median_days_to_answer": 1.5,
         *         "median_days_to_report": 34,
         *         "open": 3,
         *         "overdue": 1,
         *         "received": 11,
         *         "reported": 7,
         *         "sent": 12,
         *         "turned_down": 1
         *       },
         *       "sent": {
         *         "accepted": 9,
         *         "answered": 10,
         *         "cancelled": 1,
         *         "expired": 0,
         *         "median_days_to_answer": 1.5,
         *         "median_days_to_report": 34,
         *         "open": 3,
         *         "overdue": 1,
         *         "received": 11,
         *         "reported": 7,
         *         "sent": 12,
         *         "turned_down": 1
         *       },
         *       "since": "2026-08-25T00:00:00Z"
         *     }
         */
        ReferralSummary: {
            /** @description By the clinic on the other side, the busiest first, at most 100. */
            partners: components["schemas"]["PartnerFigures"][];
            /** @description All that came in. */
            received: components["schemas"]["ReferralFigures"];
            /** @description All that the clinic sent. */
            sent: components["schemas"]["ReferralFigures"];
            /**
             * Format: date-time
             * @description Counted are those that were sent from here on.
             */
            since: string;
        };
        /** @description What became of a referral, in order. */
        ReferralTimeline: {
            /** @description Its moves, the first one first. */
            items: components["schemas"]["ReferralTransition"][];
        };
        /**
         * @description The times that a clinic has set, or those that hold until it does.
         * @example {
         *       "emergent": {
         *         "answer_hours": 1,
         *         "expiry_days": 1,
         *         "report_days": 7
         *       },
         *       "routine": {
         *         "answer_hours": 48,
         *         "expiry_days": 30,
         *         "report_days": 60
         *       },
         *       "urgent": {
         *         "answer_hours": 8,
         *         "expiry_days": 7,
         *         "report_days": 30
         *       },
         *       "version": 1
         *     }
         */
        ReferralTimes: {
            /** @description For what is seen at once. */
            emergent: components["schemas"]["UrgencyTimes"];
            /** @description For what is seen in its turn. */
            routine: components["schemas"]["UrgencyTimes"];
            /** @description For what is seen before others. */
            urgent: components["schemas"]["UrgencyTimes"];
            /**
             * Format: int32
             * @description Counts the changes; the `ETag` is this number in quotes. 0 until they were set for the first time.
             */
            version: number;
        };
        /**
         * @description A move of a referral. What was said with it stands in the referral's content.
         * @example {
         *       "at": "2026-11-24T08:10:00Z",
         *       "by": {
         *         "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a14",
         *         "name": "Jordan Sample",
         *         "profession": "Family physician"
         *       },
         *       "clinic_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a13",
         *       "from": "received",
         *       "to": "accepted",
         *       "verb": "accept"
         *     }
         */
        ReferralTransition: {
            /**
             * Format: date-time
             * @description When.
             */
            at: string;
            by?: components["schemas"]["Author"] | null;
            /**
             * Format: uuid
             * @description The clinic whose member it was; `null` for the clock.
             */
            clinic_id?: string | null;
            from?: components["schemas"]["ReferralState"] | null;
            reason?: components["schemas"]["ReferralReason"] | null;
            /** @description To where. */
            to: components["schemas"]["ReferralState"];
            verb?: components["schemas"]["ReferralVerb"] | null;
        };
        /**
         * @description What somebody does with a referral. The names are those of the path.
         * @enum {string}
         */
        ReferralVerb: "send" | "accept" | "decline" | "redirect" | "request_information" | "provide_information" | "waitlist" | "schedule" | "no_show" | "cancel_appointment" | "start" | "complete" | "discontinue" | "cancel" | "request_cancellation" | "confirm_cancellation" | "refuse_cancellation" | "enter_in_error";
        /** @description The patient, and how to reach the patient: whoever accepts makes an appointment. */
        ReferredPatient: {
            /**
             * Format: date
             * @description Date of birth.
             */
            birth_date: string;
            /** @description E-mail address. */
            email?: string | null;
            /** @description Family name. */
            family_name: string;
            /** @description Given names. */
            given_name: string;
            /** @description Phone number. */
            phone?: string | null;
        };
        /**
         * @description Asks for the next pair of tokens.
         * @example {
         *       "refresh_token": "mJ0w9f3k2l1n5b7v8c6x4z2a0s9d8f7g6h5j4k3l2q1"
         *     }
         */
        Refresh: {
            /** @description The newest refresh token of the session. */
            refresh_token: string;
        };
        /**
         * @description A report of one's own clinic.
         * @example {
         *       "author": {
         *         "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a11",
         *         "name": "Robin Example",
         *         "profession": "Massage therapist"
         *       },
         *       "body": {
         *         "condition": "Chronic low-back pain",
         *         "follow_up": "Monthly maintenance",
         *         "goals": [
         *           {
         *             "anticipated_outcome": "Rides his bicycle again",
         *             "goal": "Walk further with less pain",
         *             "measure": "Oswestry sections improved"
         *           }
         *         ],
         *         "measures": [
         *           {
         *             "baseline": 0,
         *             "current": 9,
         *             "higher_is_better": true,
         *             "name": "Oswestry sections improved",
         *             "unit": "of 10 sections"
         *           }
         *         ],
         *         "schedule": {
         *           "duration": "6 weeks",
         *           "frequency": "Once a week",
         *           "visits_attended": 4,
         *           "visits_planned": 6
         *         },
         *         "treatment": {
         *           "what": "Swedish strokes, muscle stripping and myofascial release to the lumbar region",
         *           "why": "Chosen for chronic low-back pain"
         *         }
         *       },
         *       "created_at": "2026-11-23T09:00:00Z",
         *       "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a20",
         *       "kind": "progress_report",
         *       "patient_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a12",
         *       "sensitive_categories": [],
         *       "state": "draft",
         *       "updated_at": "2026-11-23T09:00:00Z",
         *       "version": 1
         *     }
         */
        Report: {
            /** @description Who wrote it. */
            author: components["schemas"]["Author"];
            /** @description The content: of the draft, or of the newest signed version. */
            body: components["schemas"]["ReportBody"];
            /** @description SHA-256 of that version's body in canonical JSON (RFC 8785), in hex. */
            content_hash?: string | null;
            /**
             * Format: date-time
             * @description When the draft was made.
             */
            created_at: string;
            /**
             * Format: int32
             * @description The number of the newest signed version, from 1.
             */
            current_version?: number | null;
            /**
             * Format: uuid
             * @description Its id.
             */
            id: string;
            /** @description What it is. */
            kind: components["schemas"]["ReportKind"];
            /**
             * Format: uuid
             * @description The patient it is about.
             */
            patient_id: string;
            /** @description Which sensitive categories it touches. */
            sensitive_categories: components["schemas"]["Category"][];
            /**
             * Format: date-time
             * @description When it was signed.
             */
            signed_at?: string | null;
            signed_by?: components["schemas"]["Author"] | null;
            /** @description Where it stands. */
            state: components["schemas"]["ReportState"];
            /**
             * Format: date-time
             * @description When it was last changed.
             */
            updated_at: string;
            /**
             * Format: int32
             * @description Counts the changes; the `ETag` is this number in quotes.
             */
            version: number;
        };
        /**
         * @description A report's content. Four parts are required to sign: `treatment`, `schedule`, `goals`, `measures`.
         * @example {
         *       "condition": "Chronic low-back pain",
         *       "follow_up": "Monthly maintenance",
         *       "goals": [
         *         {
         *           "anticipated_outcome": "Rides his bicycle again",
         *           "goal": "Walk further with less pain",
         *           "measure": "Oswestry sections improved"
         *         }
         *       ],
         *       "measures": [
         *         {
         *           "baseline": 0,
         *           "current": 9,
         *           "higher_is_better": true,
         *           "name": "Oswestry sections improved",
         *           "unit": "of 10 sections"
         *         }
         *       ],
         *       "schedule": {
         *         "duration": "6 weeks",
         *         "frequency": "Once a week",
         *         "visits_attended": 4,
         *         "visits_planned": 6
         *       },
         *       "treatment": {
         *         "what": "Swedish strokes, muscle stripping and myofascial release to the lumbar region",
         *         "why": "Chosen for chronic low-back pain"
         *       }
         *     }
         */
        ReportBody: {
            /** @description Literature that the treatment rests on. */
            citations?: components["schemas"]["Citation"][];
            /** @description Who does what, where several clinics treat. */
            co_management?: string;
            /** @description The complaint or condition that is treated, attributed to who diagnosed it. */
            condition?: string;
            /** @description Suggestions for future care and follow-up arrangements. */
            follow_up?: string;
            /** @description Specific goals and anticipated outcomes, each tied to a measure. */
            goals?: components["schemas"]["Goal"][];
            /** @description The patient's history, in brief. */
            history?: string;
            /** @description Objective measures with baseline and current values. */
            measures?: components["schemas"]["Measure"][];
            /** @description Questions to the reader. */
            questions?: string;
            /** @description Findings at re-examination. */
            reexamination?: string;
            /** @description Frequency and duration. */
            schedule?: components["schemas"]["Schedule"];
            /** @description Three lines for a busy reader. */
            summary?: string;
            /** @description The treatment, and why this one. */
            treatment?: components["schemas"]["Treatment"];
        };
        /**
         * @description What a report is.
         * @enum {string}
         */
        ReportKind: "treatment_plan" | "progress_report";
        /** @description A page of reports. */
        ReportList: {
            /** @description The reports, newest first. */
            items: components["schemas"]["ReportSummary"][];
            /** @description Where the next page starts. */
            next_cursor?: string | null;
        };
        /**
         * @description Says that it was not meant for the reader. In an open session the body may be left out; with the secret it takes no
         *     session, because nobody should have to read first what is not for them.
         * @example {
         *       "secret": "Q1v0b8m6v4pW1b3tXh0m2n5r7y9u1w3e5t7i9o1p3a5"
         *     }
         */
        ReportMisdirected: {
            /** @description What stands behind the `#` of the link. */
            secret?: string | null;
        };
        /**
         * @description A change of a draft; a field left out stays, `body` is replaced as a whole.
         * @example {
         *       "body": {
         *         "treatment": {
         *           "what": "Swedish massage",
         *           "why": "Chosen for stiffness"
         *         }
         *       }
         *     }
         */
        ReportPatch: {
            /** @description Its content. */
            body?: components["schemas"]["ReportBody"];
            /** @description What it is. */
            kind?: components["schemas"]["ReportKind"];
            /** @description Which sensitive categories it touches. */
            sensitive_categories?: components["schemas"]["SensitiveCategory"][];
        };
        /**
         * @description Where a report stands.
         * @enum {string}
         */
        ReportState: "draft" | "signed";
        /**
         * @description A report in a list: everything but its content.
         * @example {
         *       "author_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a11",
         *       "created_at": "2026-11-23T09:00:00Z",
         *       "current_version": 1,
         *       "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a20",
         *       "kind": "progress_report",
         *       "patient_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a12",
         *       "signed_at": "2026-11-23T09:20:00Z",
         *       "state": "signed",
         *       "updated_at": "2026-11-23T09:20:00Z"
         *     }
         */
        ReportSummary: {
            /**
             * Format: uuid
             * @description Who wrote it.
             */
            author_id: string;
            /**
             * Format: date-time
             * @description When the draft was made.
             */
            created_at: string;
            /**
             * Format: int32
             * @description The number of the newest signed version.
             */
            current_version?: number | null;
            /**
             * Format: uuid
             * @description Its id.
             */
            id: string;
            /** @description What it is. */
            kind: components["schemas"]["ReportKind"];
            /**
             * Format: uuid
             * @description The patient it is about.
             */
            patient_id: string;
            /**
             * Format: date-time
             * @description When that version was signed.
             */
            signed_at?: string | null;
            /** @description Where it stands. */
            state: components["schemas"]["ReportState"];
            /**
             * Format: date-time
             * @description When it was last changed.
             */
            updated_at: string;
        };
        /**
         * @description A signed version. It never changes.
         * @example {
         *       "body": {
         *         "condition": "Chronic low-back pain",
         *         "follow_up": "Monthly maintenance",
         *         "goals": [
         *           {
         *             "anticipated_outcome": "Rides his bicycle again",
         *             "goal": "Walk further with less pain",
         *             "measure": "Oswestry sections improved"
         *           }
         *         ],
         *         "measures": [
         *           {
         *             "baseline": 0,
         *             "current": 9,
         *             "higher_is_better": true,
         *             "name": "Oswestry sections improved",
         *             "unit": "of 10 sections"
         *           }
         *         ],
         *         "schedule": {
         *           "duration": "6 weeks",
         *           "frequency": "Once a week",
         *           "visits_attended": 4,
         *           "visits_planned": 6
         *         },
         *         "treatment": {
         *           "what": "Swedish strokes, muscle stripping and myofascial release to the lumbar region",
         *           "why": "Chosen for chronic low-back pain"
         *         }
         *       },
         *       "content_hash": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
         *       "kind": "progress_report",
         *       "number": 1,
         *       "report_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a20",
         *       "sensitive_categories": [],
         *       "signed_at": "2026-11-23T09:20:00Z",
         *       "signed_by": {
         *         "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a11",
         *         "name": "Robin Example",
         *         "profession": "Massage therapist"
         *       }
         *     }
         */
        ReportVersion: {
            /** @description Why the version before was amended. */
            amendment_reason?: string | null;
            /** @description The content as signed. */
            body: components["schemas"]["ReportBody"];
            /** @description SHA-256 of the body in canonical JSON (RFC 8785), in hex. */
            content_hash: string;
            /** @description What it is. */
            kind: components["schemas"]["ReportKind"];
            /**
             * Format: int32
             * @description The version's number, from 1.
             */
            number: number;
            /**
             * Format: uuid
             * @description The report.
             */
            report_id: string;
            /** @description Which sensitive categories it touches. */
            sensitive_categories: components["schemas"]["Category"][];
            /**
             * Format: date-time
             * @description When.
             */
            signed_at: string;
            /** @description Who signed. */
            signed_by: components["schemas"]["Author"];
        };
        /** @description A page of versions. */
        ReportVersionList: {
            /** @description The versions, newest first. */
            items: components["schemas"]["ReportVersionSummary"][];
            /** @description Where the next page starts. */
            next_cursor?: string | null;
        };
        /**
         * @description A signed version in a list: everything but its content.
         * @example {
         *       "content_hash": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
         *       "number": 1,
         *       "signed_at": "2026-11-23T09:20:00Z",
         *       "signed_by": {
         *         "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a11",
         *         "name": "Robin Example",
         *         "profession": "Massage therapist"
         *       }
         *     }
         */
        ReportVersionSummary: {
            /** @description SHA-256 of the body in canonical JSON (RFC 8785), in hex. */
            content_hash: string;
            /**
             * Format: int32
             * @description The version's number, from 1.
             */
            number: number;
            /**
             * Format: date-time
             * @description When.
             */
            signed_at: string;
            /** @description Who signed. */
            signed_by: components["schemas"]["Author"];
        };
        /**
         * @description Closes the review of an emergency access.
         * @example {
         *       "finding": "justified",
         *       "note": "The ambulance needed to know of the treatment. Nothing else was read."
         *     }
         */
        ReviewEmergencyAccess: {
            /** @description What was found. */
            finding: components["schemas"]["Finding"];
            /** @description The same in words. */
            note: string;
        };
        /**
         * @description Whether anybody has looked into it.
         * @enum {string}
         */
        ReviewState: "open" | "closed";
        /**
         * @description Takes a token back.
         * @example {
         *       "token": "mJ0w9f3k2l1n5b7v8c6x4z2a0s9d8f7g6h5j4k3l2q1"
         *     }
         */
        RevocationRequest: {
            /** @description A JWT that the client has signed, as for a token. */
            client_assertion?: string;
            /** @description `urn:ietf:params:oauth:client-assertion-type:jwt-bearer`. */
            client_assertion_type?: string;
            /** @description The client; may be left out beside an assertion or a Basic header. */
            client_id?: string;
            /** @description Its secret. */
            client_secret?: string;
            /** @description A person's refresh or access token, which ends the session, or a client's access token, with the client's proof. */
            token: string;
            /** @description Passed over: what it is, the token tells. */
            token_type_hint?: string;
        };
        /**
         * @description Revokes on the patient's word. It needs no reason, and the body may be left out.
         * @example {
         *       "note": "By telephone"
         *     }
         */
        RevokeConsent: {
            /** @description How the patient said it, for the clinic's own record. */
            note?: string | null;
        };
        /**
         * @description What a member may do.
         * @enum {string}
         */
        Role: "owner" | "practitioner" | "staff" | "privacy_officer";
        /** @description The second part: how often and how long. */
        Schedule: {
            /** @description How long, such as "6 weeks". */
            duration: string;
            /**
             * Format: date
             * @description When the plan ends.
             */
            ends_on?: string;
            /** @description How often, such as "Once a week". */
            frequency: string;
            /**
             * Format: int32
             * @description After how many visits the patient is examined again.
             */
            reexamination_after_visits?: number;
            /**
             * Format: int32
             * @description Visits attended so far.
             */
            visits_attended?: number;
            /**
             * Format: int32
             * @description Visits planned.
             */
            visits_planned?: number;
        };
        /**
         * @description What a client may do (RFC 6749, 3.3), always within its own clinic.
         * @enum {string}
         */
        Scope: "patients:read" | "patients:write" | "consents:read" | "consents:write" | "reports:read" | "reports:write" | "shares:read" | "shares:write" | "referrals:read" | "referrals:write" | "audit:read" | "events:read";
        /**
         * @description A part of a report that a share can be cut to: the names of [`ReportBody`]'s fields, and the files that were signed with it.
         * @enum {string}
         */
        Section: "treatment" | "schedule" | "goals" | "measures" | "condition" | "summary" | "history" | "reexamination" | "follow_up" | "co_management" | "questions" | "citations" | "attachments";
        /**
         * @description A category that an author labels a report with, because nothing else implies it.
         * @enum {string}
         */
        SensitiveCategory: "mental_health" | "substance_use" | "reproductive_health";
        /**
         * @description A place where this account is signed in.
         * @example {
         *       "created_at": "2026-11-23T09:00:00Z",
         *       "expires_at": "2026-11-23T09:34:00Z",
         *       "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a34",
         *       "is_current": true,
         *       "refreshed_at": "2026-11-23T09:04:00Z"
         *     }
         */
        Session: {
            /**
             * Format: date-time
             * @description When the second factor was accepted.
             */
            created_at: string;
            /**
             * Format: date-time
             * @description When it ends at the latest.
             */
            expires_at: string;
            /**
             * Format: uuid
             * @description Its id.
             */
            id: string;
            /** @description Whether it is the one that asks. */
            is_current: boolean;
            /**
             * Format: date-time
             * @description When its tokens were last refreshed.
             */
            refreshed_at: string;
        };
        /** @description A page of sessions. */
        SessionList: {
            /** @description The sessions, newest first. */
            items: components["schemas"]["Session"][];
            /** @description Where the next page starts. */
            next_cursor?: string | null;
        };
        /**
         * @description The times that a clinic sets for the referrals that it sends. Those that were sent before keep the times of then.
         * @example {
         *       "emergent": {
         *         "answer_hours": 4,
         *         "expiry_days": 7,
         *         "report_days": 14
         *       },
         *       "routine": {
         *         "answer_hours": 72,
         *         "expiry_days": 30,
         *         "report_days": 60
         *       },
         *       "urgent": {
         *         "answer_hours": 24,
         *         "expiry_days": 14,
         *         "report_days": 30
         *       }
         *     }
         */
        SetReferralTimes: {
            /** @description For what is seen at once. */
            emergent: components["schemas"]["UrgencyTimes"];
            /** @description For what is seen in its turn. */
            routine: components["schemas"]["UrgencyTimes"];
            /** @description For what is seen before others. */
            urgent: components["schemas"]["UrgencyTimes"];
        };
        /**
         * @description A patient's sex, where it matters to the question.
         * @enum {string}
         */
        Sex: "female" | "male" | "intersex";
        /**
         * @description A share. Who reads it as its recipient finds `content`; who sent it sees how far it came.
         * @example {
         *       "delivered_at": "2026-11-23T09:30:00Z",
         *       "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a21",
         *       "kind": "progress_report",
         *       "purpose": "treatment",
         *       "recipient": {
         *         "clinic_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a13",
         *         "kind": "clinic",
         *         "name": "South Family Practice"
         *       },
         *       "report_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a20",
         *       "report_version": 1,
         *       "sections": [
         *         "treatment",
         *         "schedule",
         *         "goals",
         *         "measures"
         *       ],
         *       "sender_clinic": {
         *         "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a10",
         *         "name": "North Massage Clinic"
         *       },
         *       "sent_by": {
         *         "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a11",
         *         "name": "Robin Example",
         *         "profession": "Massage therapist"
         *       },
         *       "state": "delivered",
         *       "version": 1
         *     }
         */
        Share: {
            /**
             * Format: date-time
             * @description When the recipient acknowledged it.
             */
            acknowledged_at?: string | null;
            /** @description What was shared. Only for the recipient, and only through the gate. */
            content?: components["schemas"]["SharedContent"];
            /**
             * Format: date-time
             * @description When it was sent.
             */
            delivered_at: string;
            /**
             * Format: uuid
             * @description Its id.
             */
            id: string;
            /** @description What the report is. */
            kind: components["schemas"]["ReportKind"];
            /** @description How the link to a guest fares. Only for the sender. */
            link?: components["schemas"]["ShareLinkStatus"];
            /**
             * Format: date-time
             * @description When the recipient first read it.
             */
            opened_at?: string | null;
            /** @description What for. */
            purpose: string;
            /** @description Who receives. */
            recipient: components["schemas"]["Recipient"];
            /**
             * Format: uuid
             * @description The report.
             */
            report_id: string;
            /**
             * Format: int32
             * @description The number of the signed version that it holds.
             */
            report_version: number;
            /** @description Which sections it is cut to. */
            sections: components["schemas"]["Section"][];
            /** @description The clinic that sent it. */
            sender_clinic: components["schemas"]["ClinicName"];
            /** @description The practitioner who sent it. */
            sent_by: components["schemas"]["Author"];
            /** @description Where the share stands. */
            state: components["schemas"]["ShareState"];
            /**
             * Format: int32
             * @description Counts the changes; the `ETag` is this number in quotes.
             */
            version: number;
            /**
             * Format: date-time
             * @description When the sender withdrew it.
             */
            withdrawn_at?: string | null;
        };
        /**
         * @description A new link is on its way; the one before has ended.
         * @example {
         *       "expires_at": "2026-11-30T09:00:00Z",
         *       "sent_to": "k…@guest.example.org"
         *     }
         */
        ShareLinkRenewed: {
            /**
             * Format: date-time
             * @description When the new link lapses.
             */
            expires_at: string;
            /** @description The address, all but hidden. */
            sent_to: string;
        };
        /**
         * @description The secret of a link: asks for a one-time code, or for a new link, sent to the address that the share is for.
         * @example {
         *       "secret": "Q1v0b8m6v4pW1b3tXh0m2n5r7y9u1w3e5t7i9o1p3a5"
         *     }
         */
        ShareLinkSecret: {
            /** @description What stands behind the `#` of the link. */
            secret: string;
        };
        /**
         * @description What a link is good for.
         * @enum {string}
         */
        ShareLinkState: "active" | "used_up" | "lapsed" | "locked" | "renewed" | "withdrawn" | "misdirected" | "claimed";
        /**
         * @description How the newest link to a guest fares, for the sender.
         * @example {
         *       "expires_at": "2026-11-30T09:00:00Z",
         *       "last_opened_at": "2026-11-23T10:00:00Z",
         *       "links_sent": 1,
         *       "misdirected_at": null,
         *       "openings": 2,
         *       "sent_at": "2026-11-23T09:00:00Z",
         *       "state": "active",
         *       "tries_left": 5
         *     }
         */
        ShareLinkStatus: {
            /**
             * Format: date-time
             * @description When it lapses.
             */
            expires_at: string;
            /**
             * Format: date-time
             * @description When a session was last opened at this link.
             */
            last_opened_at?: string | null;
            /**
             * Format: int32
             * @description How many links were sent for this share, this one included.
             */
            links_sent: number;
            /**
             * Format: date-time
             * @description When who received it said that it was not meant for them.
             */
            misdirected_at?: string | null;
            /**
             * Format: int32
             * @description How often a session was opened, at this link and those before it.
             */
            openings: number;
            /**
             * Format: date-time
             * @description When it was sent.
             */
            sent_at: string;
            /** @description What it is good for now. */
            state: components["schemas"]["ShareLinkState"];
            /**
             * Format: int32
             * @description Wrong tries that it still bears.
             */
            tries_left: number;
        };
        /** @description A page of shares. It holds no health information and no patient's name: that takes a reading through the gate. */
        ShareList: {
            /** @description The shares, newest first, without `content`. */
            items: components["schemas"]["Share"][];
            /** @description Where the next page starts. */
            next_cursor?: string | null;
        };
        /**
         * @description Where a share stands.
         * @enum {string}
         */
        ShareState: "delivered" | "opened" | "acknowledged" | "withdrawn";
        /** @description A file of a share, as its recipient sees it. Its bytes take a reading of their own. */
        SharedAttachment: {
            /** @description What it is called. */
            file_name: string;
            /**
             * Format: uuid
             * @description Its id.
             */
            id: string;
            /** @description What it is, by its content. */
            media_type: string;
            /** @description SHA-256 of its bytes, in hex. */
            sha256: string;
            /**
             * Format: int32
             * @description How many bytes it has.
             */
            size: number;
        };
        /** @description What a recipient reads. */
        SharedContent: {
            /** @description The files that were signed with it, where the share has the section `attachments`. */
            attachments?: components["schemas"]["SharedAttachment"][];
            /** @description The report, cut to the share's sections. */
            body: components["schemas"]["ReportBody"];
            /**
             * Format: date-time
             * @description Until when the patient's consent runs, as it stands.
             */
            consent_expires_at: string;
            /** @description SHA-256 of the whole version's body in canonical JSON (RFC 8785), in hex. */
            content_hash: string;
            /** @description Why it was sent. */
            cover_letter?: string | null;
            /** @description What the recipient must know: it may not be shared on. */
            notice: string;
            /** @description The patient. */
            patient: components["schemas"]["SharedPatient"];
            /**
             * Format: date-time
             * @description When.
             */
            signed_at: string;
            /** @description Who signed it. */
            signed_by: components["schemas"]["Author"];
        };
        /** @description The patient, as far as a recipient has to know. */
        SharedPatient: {
            /**
             * Format: date
             * @description Date of birth.
             */
            birth_date: string;
            /** @description Family name. */
            family_name: string;
            /** @description Given names. */
            given_name: string;
        };
        /** @description A page of a sharing history. */
        SharingHistory: {
            /** @description The entries, newest first. */
            items: components["schemas"]["SharingHistoryEntry"][];
            /** @description Where the next page starts. */
            next_cursor?: string | null;
        };
        /**
         * @description One line of a patient's sharing history, in plain words.
         * @example {
         *       "action": "share.read",
         *       "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a14",
         *       "in_words": "Dr. Sam Example (South Family Practice) read a progress report.",
         *       "occurred_at": "2026-11-23T10:00:00Z",
         *       "outcome": "permitted"
         *     }
         */
        SharingHistoryEntry: {
            /** @description What was done or tried. */
            action: string;
            /**
             * Format: uuid
             * @description The audit event behind it.
             */
            id: string;
            /** @description The same as a sentence. */
            in_words: string;
            /**
             * Format: date-time
             * @description When.
             */
            occurred_at: string;
            /** @description How it ended. */
            outcome: components["schemas"]["Outcome"];
        };
        /**
         * @description Signs a clinic up, with its first member, the owner.
         * @example {
         *       "clinic": {
         *         "address": "1 Example Street, Springfield",
         *         "name": "North Massage Therapy (demo)",
         *         "phone": "555-0100"
         *       },
         *       "owner": {
         *         "email": "ada@north.example.org",
         *         "name": "Ada Example",
         *         "npi": "1234567893",
         *         "password": "correct horse battery staple",
         *         "profession": "massage_therapist"
         *       }
         *     }
         */
        SignUp: {
            /** @description The clinic. */
            clinic: components["schemas"]["NewClinic"];
            /** @description Its owner. */
            owner: components["schemas"]["NewOwner"];
        };
        /** @description What a sign-up made. */
        SignedUp: {
            /** @description The clinic. */
            clinic: components["schemas"]["Clinic"];
            /** @description Its owner, who now signs in at `/v1/auth/login`. */
            owner: components["schemas"]["Member"];
        };
        /** @description A part of a text, in characters (Unicode scalar values, counted from 0; neither bytes nor units of UTF-16). */
        Span: {
            /**
             * Format: int32
             * @description The first character after it.
             */
            end: number;
            /**
             * Format: int32
             * @description The first character of it.
             */
            start: number;
        };
        /**
         * @description Asks for a token.
         * @example {
         *       "client_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a15",
         *       "client_secret": "mJ0w9f3k2l1n5b7v8c6x4z2a0s9d8f7g6h5j4k3l2q1",
         *       "grant_type": "client_credentials",
         *       "scope": "patients:read reports:read"
         *     }
         */
        TokenRequest: {
            /**
             * @description A JWT that the client has signed: `iss` and `sub` are the client's id, `aud` is the issuer of this service as the
             *     only one, `exp` at most 5 minutes ahead, `jti` new each time.
             */
            client_assertion?: string;
            /** @description `urn:ietf:params:oauth:client-assertion-type:jwt-bearer`. */
            client_assertion_type?: string;
            /** @description The client; may be left out beside an assertion or a Basic header. */
            client_id?: string;
            /** @description Its secret. */
            client_secret?: string;
            /** @description `client_credentials`. */
            grant_type: string;
            /** @description Scopes with blanks between them; all that the client has, if left out. What it has not is left out of the token. */
            scope?: string;
        };
        /**
         * @description A machine's access token. There is no refresh token: it asks again.
         * @example {
         *       "access_token": "eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJFZERTQSJ9.e30.c2ln",
         *       "expires_in": 300,
         *       "scope": "patients:read reports:read",
         *       "token_type": "Bearer"
         *     }
         */
        TokenResponse: {
            /** @description A JWT (RFC 9068) signed with EdDSA. */
            access_token: string;
            /**
             * Format: int32
             * @description How long it lives, in seconds.
             */
            expires_in: number;
            /** @description What it is good for. */
            scope: string;
            /** @description Always `Bearer`. */
            token_type: string;
        };
        /**
         * @description A session's tokens.
         * @example {
         *       "access_token": "eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJFZERTQSJ9.e30.c2ln",
         *       "expires_in": 300,
         *       "refresh_token": "mJ0w9f3k2l1n5b7v8c6x4z2a0s9d8f7g6h5j4k3l2q1",
         *       "token_type": "Bearer"
         *     }
         */
        Tokens: {
            /** @description A JWT (RFC 9068) signed with EdDSA; its keys are at `/.well-known/jwks.json`. */
            access_token: string;
            /**
             * Format: int32
             * @description How long the access token lives, in seconds.
             */
            expires_in: number;
            /** @description Good for one refresh, which brings the next one. */
            refresh_token: string;
            /** @description Always `Bearer`. */
            token_type: string;
        };
        /** @description The first part: what is done, and why. */
        Treatment: {
            /** @description What is done. */
            what: string;
            /** @description Why this treatment for this patient. */
            why: string;
        };
        /**
         * @description How soon the patient should be seen. The clinic that refers sets the times that go with each.
         * @enum {string}
         */
        Urgency: "routine" | "urgent" | "emergent";
        /** @description The times that go with one urgency. */
        UrgencyTimes: {
            /**
             * Format: int32
             * @description Hours from when it is somebody's turn to answer to when the answer is due. 1 to 2160.
             */
            answer_hours: number;
            /**
             * Format: int32
             * @description Days after which a referral that was sent and not accepted lapses. 1 to 365, and not before an answer is due.
             */
            expiry_days: number;
            /**
             * Format: int32
             * @description Days from the acceptance to when the report is due. 1 to 730.
             */
            report_days: number;
        };
        /**
         * @description A webhook.
         * @example {
         *       "authorised_by": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a11",
         *       "created_at": "2026-11-23T09:00:00Z",
         *       "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a40",
         *       "secrets": [
         *         {
         *           "created_at": "2026-11-23T09:00:00Z",
         *           "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a41",
         *           "public_key": "whpk_MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE="
         *         }
         *       ],
         *       "state": "pending",
         *       "types": [
         *         "share.delivered",
         *         "consent.revoked"
         *       ],
         *       "updated_at": "2026-11-23T09:00:00Z",
         *       "url": "https://software.example.org/rapport",
         *       "version": 1
         *     }
         */
        Webhook: {
            /**
             * Format: uuid
             * @description The owner by whose right it delivers.
             */
            authorised_by: string;
            /**
             * Format: date-time
             * @description When it was made.
             */
            created_at: string;
            disabled_because?: components["schemas"]["DisabledBecause"] | null;
            /**
             * Format: date-time
             * @description Since when it has failed, if it does.
             */
            failing_since?: string | null;
            /**
             * Format: uuid
             * @description Its id.
             */
            id: string;
            /** @description The secrets that are good. */
            secrets: components["schemas"]["WebhookSecret"][];
            /** @description Where it stands. */
            state: components["schemas"]["WebhookState"];
            /** @description Which events; all of them if it is empty. */
            types: components["schemas"]["EventType"][];
            /**
             * Format: date-time
             * @description When it was last changed.
             */
            updated_at: string;
            /** @description Where to. */
            url: string;
            /**
             * Format: int32
             * @description Counts the changes; the `ETag`.
             */
            version: number;
        };
        /**
         * @description What an address is asked before it is told anything. It answers 200 with `{"challenge": ...}`, the same.
         * @example {
         *       "challenge": "mJ3o6gq0QJ5mS0m0e8r9dA",
         *       "type": "webhook.challenge",
         *       "webhook_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a40"
         *     }
         */
        WebhookChallenge: {
            /** @description What to answer. */
            challenge: string;
            /** @description `webhook.challenge`. */
            type: string;
            /**
             * Format: uuid
             * @description The webhook.
             */
            webhook_id: string;
        };
        /**
         * @description An event on its way to a webhook. It goes by the id of the event.
         * @example {
         *       "attempts": 2,
         *       "event": {
         *         "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a20",
         *         "object": {
         *           "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a21",
         *           "type": "share",
         *           "version": 1
         *         },
         *         "occurred_at": "2026-11-23T09:30:00Z",
         *         "sequence": 42,
         *         "type": "share.delivered"
         *       },
         *       "last_attempt_at": "2026-11-23T09:35:12Z",
         *       "last_status": 503,
         *       "next_attempt_at": "2026-11-23T10:05:40Z",
         *       "state": "pending"
         *     }
         */
        WebhookDelivery: {
            /**
             * Format: int32
             * @description How often it was tried.
             */
            attempts: number;
            /** @description What is told. */
            event: components["schemas"]["Event"];
            /**
             * Format: date-time
             * @description When it was tried last.
             */
            last_attempt_at?: string | null;
            /**
             * Format: int32
             * @description What the address answered then; nothing, if it did not.
             */
            last_status?: number | null;
            /**
             * Format: date-time
             * @description When it will be tried next.
             */
            next_attempt_at?: string | null;
            /** @description Where it stands. */
            state: components["schemas"]["DeliveryState"];
        };
        /** @description A page of deliveries. */
        WebhookDeliveryList: {
            /** @description The deliveries, newest first. */
            items: components["schemas"]["WebhookDelivery"][];
            /** @description Where the next page starts. */
            next_cursor?: string | null;
        };
        /** @description A page of webhooks. */
        WebhookList: {
            /** @description The webhooks, newest first. */
            items: components["schemas"]["Webhook"][];
            /** @description Where the next page starts. */
            next_cursor?: string | null;
        };
        /**
         * @description A change of a webhook; a field left out stays. It delivers by the right of who changed it last.
         * @example {
         *       "types": [
         *         "share.delivered"
         *       ]
         *     }
         */
        WebhookPatch: {
            /** @description Which events; all of them if it is empty. */
            types?: components["schemas"]["EventType"][];
            /**
             * Format: uri
             * @description Where to. Another address is asked first whether it wants this.
             */
            url?: string;
        };
        /** @description A secret that is good, without itself. */
        WebhookSecret: {
            /**
             * Format: date-time
             * @description When it was made.
             */
            created_at: string;
            /**
             * Format: date-time
             * @description Until when it signs, once another one has taken its place.
             */
            ends_at?: string | null;
            /**
             * Format: uuid
             * @description Its id.
             */
            id: string;
            /** @description What its `v1a` signatures are verified with: `whpk_` and an Ed25519 key in base64. */
            public_key: string;
        };
        /**
         * @description Where a webhook stands.
         * @enum {string}
         */
        WebhookState: "pending" | "active" | "disabled" | "ended";
    };
    responses: {
        /** @description `bad-request`: The request could not be read. */
        Problem400BadRequest: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `bad-request`: The request could not be read. `unsupported-grant-type`: The kind of grant is not offered. `invalid-scope`: The scope can't be granted. */
        Problem400BadRequestOrUnsupportedGrantTypeOrInvalidScope: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `invalid-client`: The client did not prove itself. */
        Problem401InvalidClient: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `invalid-credentials`: The e-mail address or the password is wrong. */
        Problem401InvalidCredentials: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `unauthenticated`: Sign in first. */
        Problem401Unauthenticated: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `unauthenticated`: Sign in first. `verification-failed`: The code or the second fact is wrong. */
        Problem401UnauthenticatedOrVerificationFailed: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `verification-failed`: The code or the second fact is wrong. */
        Problem401VerificationFailed: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `forbidden`: Your role does not allow this. */
        Problem403Forbidden: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `forbidden`: Your role does not allow this. `consent-missing`: There is no consent of the patient. `consent-pending`: The consent is not in force yet. `consent-expired`: The consent has ended by its date. `consent-revoked`: The patient has revoked the consent. `recipient-not-named`: The consent names other recipients. `purpose-mismatch`: The consent was given for another purpose. `consent-too-narrow`: The consent does not cover all of this. */
        Problem403ForbiddenOrDenied: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `forbidden`: Your role does not allow this. `consent-missing`: There is no consent of the patient. `consent-pending`: The consent is not in force yet. `consent-expired`: The consent has ended by its date. `consent-revoked`: The patient has revoked the consent. `recipient-not-named`: The consent names other recipients. `purpose-mismatch`: The consent was given for another purpose. `consent-too-narrow`: The consent does not cover all of this. `share-withdrawn`: The sender has withdrawn this share. */
        Problem403ForbiddenOrDeniedOrShareWithdrawn: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `not-found`: There is nothing here for you. */
        Problem404NotFound: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `method-not-allowed`: This address does not know that method. */
        Problem405MethodNotAllowed: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `not-acceptable`: None of the types you accept can be served. */
        Problem406NotAcceptable: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `conflict`: It contradicts something that exists. */
        Problem409Conflict: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `conflict`: It contradicts something that exists. `idempotency-in-progress`: The first request with this key is still running. */
        Problem409ConflictOrIdempotencyInProgress: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `conflict`: It contradicts something that exists. `illegal-transition`: The state does not allow this move. */
        Problem409ConflictOrIllegalTransition: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `conflict`: It contradicts something that exists. `illegal-transition`: The state does not allow this move. `idempotency-in-progress`: The first request with this key is still running. */
        Problem409ConflictOrIllegalTransitionOrIdempotencyInProgress: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `idempotency-in-progress`: The first request with this key is still running. */
        Problem409IdempotencyInProgress: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `illegal-transition`: The state does not allow this move. */
        Problem409IllegalTransition: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `illegal-transition`: The state does not allow this move. `idempotency-in-progress`: The first request with this key is still running. */
        Problem409IllegalTransitionOrIdempotencyInProgress: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `stale`: It was changed since you read it. */
        Problem412Stale: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `content-too-large`: The body is too large. */
        Problem413ContentTooLarge: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `content-too-large`: The body is too large. `quota-exceeded`: Your clinic's room for files is used up. */
        Problem413ContentTooLargeOrQuotaExceeded: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `unsupported-media-type`: The body's type or encoding is not taken. */
        Problem415UnsupportedMediaType: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `validation`: Fields of the request were refused. */
        Problem422Validation: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `validation`: Fields of the request were refused. `idempotency-key-reused`: The idempotency key belongs to another request. */
        Problem422ValidationOrIdempotencyKeyReused: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `validation`: Fields of the request were refused. `report-incomplete`: The report lacks parts that a signature needs. `idempotency-key-reused`: The idempotency key belongs to another request. */
        Problem422ValidationOrReportIncompleteOrIdempotencyKeyReused: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `precondition-required`: The change needs an If-Match header. */
        Problem428PreconditionRequired: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `rate-limited`: Too many requests. */
        Problem429RateLimited: {
            headers: {
                "Retry-After": components["headers"]["Retry-After"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `internal`: A fault of the service. */
        Problem500Internal: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `unavailable`: The service is busy. */
        Problem503Unavailable: {
            headers: {
                "Retry-After": components["headers"]["Retry-After"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: {
        /** @description The object's version, to be sent back in If-Match. */
        ETag: string;
        /** @description `true` if this is the stored answer of an earlier request with the same key. */
        "Idempotency-Replayed": "true";
        /** @description Where the new object is. */
        Location: string;
        /** @description The newest checkpoint of the audit log, to be kept: its signed note in base64. */
        "Rapport-Checkpoint": string;
        /** @description What is left of your budget. */
        RateLimit: string;
        /** @description Your budget. */
        "RateLimit-Policy": string;
        /** @description When to try again, in seconds. */
        "Retry-After": number;
        /** @description The request's id, yours or ours. */
        "X-Request-Id": string;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    get_jwks: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "keys": []
                     *     }
                     */
                    "application/json": unknown;
                };
            };
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
        };
    };
    get_authorization_server: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "capabilities": [
                     *         "client-confidential-asymmetric",
                     *         "client-confidential-symmetric"
                     *       ],
                     *       "grant_types_supported": [
                     *         "client_credentials"
                     *       ],
                     *       "issuer": "https://rapport.example.org",
                     *       "jwks_uri": "https://rapport.example.org/.well-known/jwks.json",
                     *       "response_types_supported": [],
                     *       "revocation_endpoint": "https://rapport.example.org/oauth/revoke",
                     *       "revocation_endpoint_auth_methods_supported": [
                     *         "private_key_jwt",
                     *         "client_secret_basic",
                     *         "client_secret_post"
                     *       ],
                     *       "scopes_supported": [
                     *         "shares:read",
                     *         "referrals:read"
                     *       ],
                     *       "token_endpoint": "https://rapport.example.org/oauth/token",
                     *       "token_endpoint_auth_methods_supported": [
                     *         "private_key_jwt",
                     *         "client_secret_basic",
                     *         "client_secret_post"
                     *       ],
                     *       "token_endpoint_auth_signing_alg_values_supported": [
                     *         "ES384",
                     *         "RS384",
                     *         "EdDSA"
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["AuthorizationServer"];
                };
            };
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
        };
    };
    get_smart_configuration: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "capabilities": [
                     *         "client-confidential-asymmetric",
                     *         "client-confidential-symmetric"
                     *       ],
                     *       "grant_types_supported": [
                     *         "client_credentials"
                     *       ],
                     *       "issuer": "https://rapport.example.org",
                     *       "jwks_uri": "https://rapport.example.org/.well-known/jwks.json",
                     *       "response_types_supported": [],
                     *       "revocation_endpoint": "https://rapport.example.org/oauth/revoke",
                     *       "revocation_endpoint_auth_methods_supported": [
                     *         "private_key_jwt",
                     *         "client_secret_basic",
                     *         "client_secret_post"
                     *       ],
                     *       "scopes_supported": [
                     *         "shares:read",
                     *         "referrals:read"
                     *       ],
                     *       "token_endpoint": "https://rapport.example.org/oauth/token",
                     *       "token_endpoint_auth_methods_supported": [
                     *         "private_key_jwt",
                     *         "client_secret_basic",
                     *         "client_secret_post"
                     *       ],
                     *       "token_endpoint_auth_signing_alg_values_supported": [
                     *         "ES384",
                     *         "RS384",
                     *         "EdDSA"
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["AuthorizationServer"];
                };
            };
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
        };
    };
    get_health: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "alive"
                     *     }
                     */
                    "application/json": unknown;
                };
            };
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
        };
    };
    revoke_token: {
        parameters: {
            query?: never;
            header?: {
                /** @description Taken and without effect: this answer is never stored. The request is safe to repeat by its own rules. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "token": "mJ0w9f3k2l1n5b7v8c6x4z2a0s9d8f7g6h5j4k3l2q1"
                 *     }
                 */
                "application/x-www-form-urlencoded": components["schemas"]["RevocationRequest"];
            };
        };
        responses: {
            /** @description The token is good for nothing any more. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400BadRequest"];
            401: components["responses"]["Problem401InvalidClient"];
            413: components["responses"]["Problem413ContentTooLarge"];
            415: components["responses"]["Problem415UnsupportedMediaType"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    request_token: {
        parameters: {
            query?: never;
            header?: {
                /** @description Taken and without effect: this answer is never stored. The request is safe to repeat by its own rules. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "client_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a15",
                 *       "client_secret": "mJ0w9f3k2l1n5b7v8c6x4z2a0s9d8f7g6h5j4k3l2q1",
                 *       "grant_type": "client_credentials",
                 *       "scope": "patients:read reports:read"
                 *     }
                 */
                "application/x-www-form-urlencoded": components["schemas"]["TokenRequest"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "access_token": "eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJFZERTQSJ9.e30.c2ln",
                     *       "expires_in": 300,
                     *       "scope": "patients:read reports:read",
                     *       "token_type": "Bearer"
                     *     }
                     */
                    "application/json": components["schemas"]["TokenResponse"];
                };
            };
            400: components["responses"]["Problem400BadRequestOrUnsupportedGrantTypeOrInvalidScope"];
            401: components["responses"]["Problem401InvalidClient"];
            413: components["responses"]["Problem413ContentTooLarge"];
            415: components["responses"]["Problem415UnsupportedMediaType"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    get_readiness: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "ready"
                     *     }
                     */
                    "application/json": unknown;
                };
            };
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    list_api_clients: {
        parameters: {
            query?: {
                /** @description How many items a page holds, 1 to 100; 25 if left out. */
                limit?: number;
                /** @description The `next_cursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "created_at": "2026-11-23T09:00:00Z",
                     *           "created_by": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a11",
                     *           "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a30",
                     *           "jwks_uri": "https://software.example.org/jwks.json",
                     *           "name": "Practice software",
                     *           "scopes": [
                     *             "patients:read",
                     *             "shares:read"
                     *           ],
                     *           "secrets": [],
                     *           "state": "active",
                     *           "updated_at": "2026-11-23T09:00:00Z",
                     *           "version": 1
                     *         }
                     *       ],
                     *       "next_cursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["ApiClientList"];
                };
            };
            401: components["responses"]["Problem401Unauthenticated"];
            403: components["responses"]["Problem403Forbidden"];
            422: components["responses"]["Problem422Validation"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    create_api_client: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body bring the same answer. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "jwks_uri": "https://software.example.org/.well-known/jwks.json",
                 *       "name": "Practice software",
                 *       "scopes": [
                 *         "patients:read",
                 *         "reports:read"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["NewApiClient"];
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    Location: components["headers"]["Location"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "created_at": "2026-11-23T09:00:00Z",
                     *       "created_by": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a11",
                     *       "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a30",
                     *       "jwks_uri": "https://software.example.org/jwks.json",
                     *       "name": "Practice software",
                     *       "scopes": [
                     *         "patients:read",
                     *         "shares:read"
                     *       ],
                     *       "secrets": [],
                     *       "state": "active",
                     *       "updated_at": "2026-11-23T09:00:00Z",
                     *       "version": 1
                     *     }
                     */
                    "application/json": components["schemas"]["ApiClient"];
                };
            };
            400: components["responses"]["Problem400BadRequest"];
            401: components["responses"]["Problem401Unauthenticated"];
            403: components["responses"]["Problem403Forbidden"];
            409: components["responses"]["Problem409IdempotencyInProgress"];
            413: components["responses"]["Problem413ContentTooLarge"];
            415: components["responses"]["Problem415UnsupportedMediaType"];
            422: components["responses"]["Problem422ValidationOrIdempotencyKeyReused"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    get_api_client: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The client */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "created_at": "2026-11-23T09:00:00Z",
                     *       "created_by": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a11",
                     *       "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a30",
                     *       "jwks_uri": "https://software.example.org/jwks.json",
                     *       "name": "Practice software",
                     *       "scopes": [
                     *         "patients:read",
                     *         "shares:read"
                     *       ],
                     *       "secrets": [],
                     *       "state": "active",
                     *       "updated_at": "2026-11-23T09:00:00Z",
                     *       "version": 1
                     *     }
                     */
                    "application/json": components["schemas"]["ApiClient"];
                };
            };
            401: components["responses"]["Problem401Unauthenticated"];
            403: components["responses"]["Problem403Forbidden"];
            404: components["responses"]["Problem404NotFound"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    end_api_client: {
        parameters: {
            query?: never;
            header: {
                /** @description The ETag of the version that you read. */
                "If-Match": string;
            };
            path: {
                /** @description The client */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; there is no body. */
            204: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem401Unauthenticated"];
            403: components["responses"]["Problem403Forbidden"];
            404: components["responses"]["Problem404NotFound"];
            409: components["responses"]["Problem409IllegalTransition"];
            412: components["responses"]["Problem412Stale"];
            428: components["responses"]["Problem428PreconditionRequired"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    update_api_client: {
        parameters: {
            query?: never;
            header: {
                /** @description The ETag of the version that you read. */
                "If-Match": string;
            };
            path: {
                /** @description The client */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "scopes": [
                 *         "patients:read"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["ApiClientPatch"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "created_at": "2026-11-23T09:00:00Z",
                     *       "created_by": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a11",
                     *       "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a30",
                     *       "jwks_uri": "https://software.example.org/jwks.json",
                     *       "name": "Practice software",
                     *       "scopes": [
                     *         "patients:read",
                     *         "shares:read"
                     *       ],
                     *       "secrets": [],
                     *       "state": "active",
                     *       "updated_at": "2026-11-23T09:00:00Z",
                     *       "version": 1
                     *     }
                     */
                    "application/json": components["schemas"]["ApiClient"];
                };
            };
            400: components["responses"]["Problem400BadRequest"];
            401: components["responses"]["Problem401Unauthenticated"];
            403: components["responses"]["Problem403Forbidden"];
            404: components["responses"]["Problem404NotFound"];
            409: components["responses"]["Problem409IllegalTransition"];
            412: components["responses"]["Problem412Stale"];
            413: components["responses"]["Problem413ContentTooLarge"];
            415: components["responses"]["Problem415UnsupportedMediaType"];
            422: components["responses"]["Problem422Validation"];
            428: components["responses"]["Problem428PreconditionRequired"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    add_api_client_secret: {
        parameters: {
            query?: never;
            header?: {
                /** @description Taken and without effect: this answer is never stored. The request is safe to repeat by its own rules. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The client */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    Location: components["headers"]["Location"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "client_secret": "mJ0w9f3k2l1n5b7v8c6x4z2a0s9d8f7g6h5j4k3l2q1",
                     *       "created_at": "2026-11-23T09:30:00Z",
                     *       "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a14"
                     *     }
                     */
                    "application/json": components["schemas"]["NewApiClientSecret"];
                };
            };
            400: components["responses"]["Problem400BadRequest"];
            401: components["responses"]["Problem401Unauthenticated"];
            403: components["responses"]["Problem403Forbidden"];
            404: components["responses"]["Problem404NotFound"];
            409: components["responses"]["Problem409IllegalTransition"];
            413: components["responses"]["Problem413ContentTooLarge"];
            415: components["responses"]["Problem415UnsupportedMediaType"];
            422: components["responses"]["Problem422Validation"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    end_api_client_secret: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The client */
                id: string;
                /** @description The secret */
                secret_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; there is no body. */
            204: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem401Unauthenticated"];
            403: components["responses"]["Problem403Forbidden"];
            404: components["responses"]["Problem404NotFound"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    get_attachment: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The attachment */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "added_at": "2026-11-23T09:00:00Z",
                     *       "added_by": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a11",
                     *       "file_name": "range-of-motion.pdf",
                     *       "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a31",
                     *       "media_type": "application/pdf",
                     *       "report_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a20",
                     *       "sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                     *       "size": 48213,
                     *       "versions": [
                     *         1
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Attachment"];
                };
            };
            401: components["responses"]["Problem401Unauthenticated"];
            403: components["responses"]["Problem403Forbidden"];
            404: components["responses"]["Problem404NotFound"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    delete_attachment: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The attachment */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; there is no body. */
            204: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem401Unauthenticated"];
            403: components["responses"]["Problem403Forbidden"];
            404: components["responses"]["Problem404NotFound"];
            409: components["responses"]["Problem409IllegalTransition"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    get_attachment_content: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The attachment */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The bytes, under the media type of the file. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/pdf": string;
                    "image/jpeg": string;
                    "image/png": string;
                    "text/plain": string;
                };
            };
            401: components["responses"]["Problem401Unauthenticated"];
            403: components["responses"]["Problem403Forbidden"];
            404: components["responses"]["Problem404NotFound"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    list_audit_checkpoints: {
        parameters: {
            query?: {
                /** @description How many items a page holds, 1 to 100; 25 if left out. */
                limit?: number;
                /** @description The `next_cursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    "Rapport-Checkpoint": components["headers"]["Rapport-Checkpoint"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "key_id": "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k",
                     *           "note": "rapport-audit/01990b5e-6c1f-7d39-8f38-0f3c2f5f7a14\n1024\nqINS1GRFhWHwdkUeqLEoP4yEMkTBBzxBkGwGQlVlVcs=\n...",
                     *           "previous_root": "9mXeuqtEi+hPPvT2Vv6XcjbdO8TWuY0EnrWxLI0hGtg=",
                     *           "public_key": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
                     *           "root": "qINS1GRFhWHwdkUeqLEoP4yEMkTBBzxBkGwGQlVlVcs=",
                     *           "sealed_at": "2026-11-24T10:00:00Z",
                     *           "size": 1024
                     *         }
                     *       ],
                     *       "next_cursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["AuditCheckpointList"];
                };
            };
            401: components["responses"]["Problem401Unauthenticated"];
            422: components["responses"]["Problem422Validation"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    get_audit_consistency: {
        parameters: {
            query: {
                /** @description The size of the earlier log, at least 1. */
                from: number;
                /** @description The size of the later log, at most that of the newest checkpoint. */
                to: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    "Rapport-Checkpoint": components["headers"]["Rapport-Checkpoint"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "from": 3,
                     *       "hashes": [
                     *         "qINS1GRFhWHwdkUeqLEoP4yEMkTBBzxBkGwGQlVlVcs="
                     *       ],
                     *       "to": 4
                     *     }
                     */
                    "application/json": components["schemas"]["AuditConsistency"];
                };
            };
            401: components["responses"]["Problem401Unauthenticated"];
            422: components["responses"]["Problem422Validation"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    get_audit_proof: {
        parameters: {
            query?: {
                /** @description The size of the checkpoint to prove it against; the newest one if left out. */
                size?: number;
            };
            header?: never;
            path: {
                /** @description The event */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    "Rapport-Checkpoint": components["headers"]["Rapport-Checkpoint"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "checkpoint": {
                     *         "key_id": "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k",
                     *         "note": "rapport-audit/01990b5e-6c1f-7d39-8f38-0f3c2f5f7a14\n1024\nqINS1GRFhWHwdkUeqLEoP4yEMkTBBzxBkGwGQlVlVcs=\n...",
                     *         "previous_root": "9mXeuqtEi+hPPvT2Vv6XcjbdO8TWuY0EnrWxLI0hGtg=",
                     *         "public_key": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
                     *         "root": "qINS1GRFhWHwdkUeqLEoP4yEMkTBBzxBkGwGQlVlVcs=",
                     *         "sealed_at": "2026-11-24T10:00:00Z",
                     *         "size": 1024
                     *       },
                     *       "encoding": 1,
                     *       "event": {
                     *         "action": "share.read",
                     *         "actor_clinic_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a13",
                     *         "actor_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a14",
                     *         "actor_kind": "member",
                     *         "clinic_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a10",
                     *         "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a32",
                     *         "object_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a21",
                     *         "object_type": "share",
                     *         "occurred_at": "2026-11-23T09:30:00Z",
                     *         "outcome": "permitted",
                     *         "request_id": "7f6c1a2e",
                     *         "salt": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a35",
                     *         "transaction_id": 90211
                     *       },
                     *       "hashes": [
                     *         "9mXeuqtEi+hPPvT2Vv6XcjbdO8TWuY0EnrWxLI0hGtg="
                     *       ],
                     *       "leaf_index": 1017
                     *     }
                     */
                    "application/json": components["schemas"]["AuditProof"];
                };
            };
            401: components["responses"]["Problem401Unauthenticated"];
            403: components["responses"]["Problem403Forbidden"];
            404: components["responses"]["Problem404NotFound"];
            422: components["responses"]["Problem422Validation"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    list_audit_events: {
        parameters: {
            query?: {
                /** @description Only what concerns this patient. */
                patient_id?: string;
                /** @description Only this action, such as `share.read`. */
                action?: string;
                /** @description Only what this member or client did or tried. */
                actor_id?: string;
                /** @description Only what was refused for this reason, such as `forbidden`; or `emergency-access`, for what was read under one. */
                reason?: string;
                /** @description Only from this time on. */
                from?: string;
                /** @description Only before this time. */
                until?: string;
                /** @description How many items a page holds, 1 to 100; 25 if left out. */
                limit?: number;
                /** @description The `next_cursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    "Rapport-Checkpoint": components["headers"]["Rapport-Checkpoint"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "action": "share.read",
                     *           "actor_clinic_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a13",
                     *           "actor_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a14",
                     *           "actor_kind": "member",
                     *           "consent_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a22",
                     *           "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a32",
                     *           "object_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a21",
                     *           "object_type": "share",
                     *           "occurred_at": "2026-11-23T09:30:00Z",
                     *           "outcome": "permitted",
                     *           "patient_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a12",
                     *           "request_id": "7f6c1a2e"
                     *         }
                     *       ],
                     *       "next_cursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["AuditEventList"];
                };
            };
            401: components["responses"]["Problem401Unauthenticated"];
            403: components["responses"]["Problem403Forbidden"];
            422: components["responses"]["Problem422Validation"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    log_in: {
        parameters: {
            query?: never;
            header?: {
                /** @description Taken and without effect: this answer is never stored. The request is safe to repeat by its own rules. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "email": "ada@north.example.org",
                 *       "password": "correct horse battery staple"
                 *     }
                 */
                "application/json": components["schemas"]["Login"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "expires_in": 600,
                     *       "mfa_token": "Q1v0b8m6v4pW1b3tXh0m2n5r7y9u1w3e5t7i9o1p3a5"
                     *     }
                     */
                    "application/json": components["schemas"]["MfaNeeded"];
                };
            };
            400: components["responses"]["Problem400BadRequest"];
            401: components["responses"]["Problem401InvalidCredentials"];
            413: components["responses"]["Problem413ContentTooLarge"];
            415: components["responses"]["Problem415UnsupportedMediaType"];
            422: components["responses"]["Problem422Validation"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    log_out: {
        parameters: {
            query?: never;
            header?: {
                /** @description Taken and without effect: this answer is never stored. The request is safe to repeat by its own rules. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; there is no body. */
            204: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400BadRequest"];
            401: components["responses"]["Problem401Unauthenticated"];
            403: components["responses"]["Problem403Forbidden"];
            404: components["responses"]["Problem404NotFound"];
            413: components["responses"]["Problem413ContentTooLarge"];
            415: components["responses"]["Problem415UnsupportedMediaType"];
            422: components["responses"]["Problem422Validation"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    enrol_mfa: {
        parameters: {
            query?: never;
            header?: {
                /** @description Taken and without effect: this answer is never stored. The request is safe to repeat by its own rules. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "otpauth_uri": "otpauth://totp/Rapport:ada%40north.example.org?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Rapport",
                     *       "secret": "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
                     *     }
                     */
                    "application/json": components["schemas"]["MfaEnrolment"];
                };
            };
            400: components["responses"]["Problem400BadRequest"];
            401: components["responses"]["Problem401Unauthenticated"];
            413: components["responses"]["Problem413ContentTooLarge"];
            415: components["responses"]["Problem415UnsupportedMediaType"];
            422: components["responses"]["Problem422Validation"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    verify_mfa: {
        parameters: {
            query?: never;
            header?: {
                /** @description Taken and without effect: this answer is never stored. The request is safe to repeat by its own rules. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "code": "123456"
                 *     }
                 */
                "application/json": components["schemas"]["MfaCode"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "access_token": "eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJFZERTQSJ9.e30.c2ln",
                     *       "expires_in": 300,
                     *       "refresh_token": "mJ0w9f3k2l1n5b7v8c6x4z2a0s9d8f7g6h5j4k3l2q1",
                     *       "token_type": "Bearer"
                     *     }
                     */
                    "application/json": components["schemas"]["Tokens"];
                };
            };
            400: components["responses"]["Problem400BadRequest"];
            401: components["responses"]["Problem401UnauthenticatedOrVerificationFailed"];
            413: components["responses"]["Problem413ContentTooLarge"];
            415: components["responses"]["Problem415UnsupportedMediaType"];
            422: components["responses"]["Problem422Validation"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    refresh_tokens: {
        parameters: {
            query?: never;
            header?: {
                /** @description Taken and without effect: this answer is never stored. The request is safe to repeat by its own rules. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "refresh_token": "mJ0w9f3k2l1n5b7v8c6x4z2a0s9d8f7g6h5j4k3l2q1"
                 *     }
                 */
                "application/json": components["schemas"]["Refresh"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "access_token": "eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJFZERTQSJ9.e30.c2ln",
                     *       "expires_in": 300,
                     *       "refresh_token": "mJ0w9f3k2l1n5b7v8c6x4z2a0s9d8f7g6h5j4k3l2q1",
                     *       "token_type": "Bearer"
                     *     }
                     */
                    "application/json": components["schemas"]["Tokens"];
                };
            };
            400: components["responses"]["Problem400BadRequest"];
            401: components["responses"]["Problem401Unauthenticated"];
            413: components["responses"]["Problem413ContentTooLarge"];
            415: components["responses"]["Problem415UnsupportedMediaType"];
            422: components["responses"]["Problem422Validation"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    list_sessions: {
        parameters: {
            query?: {
                /** @description How many items a page holds, 1 to 100; 25 if left out. */
                limit?: number;
                /** @description The `next_cursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "created_at": "2026-11-23T09:00:00Z",
                     *           "expires_at": "2026-11-23T09:34:00Z",
                     *           "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a34",
                     *           "is_current": true,
                     *           "refreshed_at": "2026-11-23T09:04:00Z"
                     *         }
                     *       ],
                     *       "next_cursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["SessionList"];
                };
            };
            401: components["responses"]["Problem401Unauthenticated"];
            403: components["responses"]["Problem403Forbidden"];
            422: components["responses"]["Problem422Validation"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    end_sessions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; there is no body. */
            204: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem401Unauthenticated"];
            403: components["responses"]["Problem403Forbidden"];
            404: components["responses"]["Problem404NotFound"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    end_session: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The session */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; there is no body. */
            204: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem401Unauthenticated"];
            403: components["responses"]["Problem403Forbidden"];
            404: components["responses"]["Problem404NotFound"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    sign_up_clinic: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body bring the same answer. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "clinic": {
                 *         "address": "1 Example Street, Springfield",
                 *         "name": "North Massage Therapy (demo)",
                 *         "phone": "555-0100"
                 *       },
                 *       "owner": {
                 *         "email": "ada@north.example.org",
                 *         "name": "Ada Example",
                 *         "npi": "1234567893",
                 *         "password": "correct horse battery staple",
                 *         "profession": "massage_therapist"
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["SignUp"];
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    Location: components["headers"]["Location"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "clinic": {
                     *         "created_at": "2026-11-23T09:00:00Z",
                     *         "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a10",
                     *         "name": "North Massage Clinic",
                     *         "phone": "555-0100"
                     *       },
                     *       "owner": {
                     *         "created_at": "2026-11-23T09:00:00Z",
                     *         "email": "robin@north.example.org",
                     *         "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a11",
                     *         "name": "Robin Example",
                     *         "profession": "Massage therapist",
                     *         "role": "owner",
                     *         "state": "active",
                     *         "version": 1
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["SignedUp"];
                };
            };
            400: components["responses"]["Problem400BadRequest"];
            409: components["responses"]["Problem409ConflictOrIdempotencyInProgress"];
            413: components["responses"]["Problem413ContentTooLarge"];
            415: components["responses"]["Problem415UnsupportedMediaType"];
            422: components["responses"]["Problem422ValidationOrIdempotencyKeyReused"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    get_linked_consent: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The link */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "categories": [
                     *         "progress_report"
                     *       ],
                     *       "categories_in_words": [
                     *         "Progress reports"
                     *       ],
                     *       "clinic_name": "North Massage Clinic",
                     *       "consent_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a22",
                     *       "expires_at": "2027-05-23T00:00:00Z",
                     *       "patient_name": "Casey Sample",
                     *       "purpose": "treatment",
                     *       "recipients": [
                     *         {
                     *           "clinic_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a13",
                     *           "kind": "clinic",
                     *           "name": "South Family Practice"
                     *         }
                     *       ],
                     *       "state": "pending",
                     *       "statement": "North Massage Clinic may give South Family Practice the progress report for treatment until 2027-05-23.",
                     *       "statement_hash": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                     *       "two_way": false
                     *     }
                     */
                    "application/json": components["schemas"]["LinkConsent"];
                };
            };
            401: components["responses"]["Problem401Unauthenticated"];
            403: components["responses"]["Problem403Forbidden"];
            404: components["responses"]["Problem404NotFound"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    challenge_consent_link: {
        parameters: {
            query?: never;
            header?: {
                /** @description Taken and without effect: this answer is never stored. The request is safe to repeat by its own rules. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The link */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "secret": "Q1v0b8m6v4pW1b3tXh0m2n5r7y9u1w3e5t7i9o1p3a5"
                 *     }
                 */
                "application/json": components["schemas"]["LinkChallenge"];
            };
        };
        responses: {
            /** @description Accepted. */
            202: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "expires_in": 600,
                     *       "sent_to": "c…@patients.example.org"
                     *     }
                     */
                    "application/json": components["schemas"]["LinkCodeSent"];
                };
            };
            400: components["responses"]["Problem400BadRequest"];
            403: components["responses"]["Problem403Forbidden"];
            404: components["responses"]["Problem404NotFound"];
            413: components["responses"]["Problem413ContentTooLarge"];
            415: components["responses"]["Problem415UnsupportedMediaType"];
            422: components["responses"]["Problem422Validation"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    refuse_linked_consent: {
        parameters: {
            query?: never;
            header: {
                /** @description Makes the request safe to repeat: the same key and body bring the same answer. */
                "Idempotency-Key"?: string;
                /** @description The session's csrf_token. */
                "X-CSRF-Token": string;
            };
            path: {
                /** @description The link */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "categories": [
                     *         "progress_report"
                     *       ],
                     *       "categories_in_words": [
                     *         "Progress reports"
                     *       ],
                     *       "clinic_name": "North Massage Clinic",
                     *       "consent_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a22",
                     *       "expires_at": "2027-05-23T00:00:00Z",
                     *       "patient_name": "Casey Sample",
                     *       "purpose": "treatment",
                     *       "recipients": [
                     *         {
                     *           "clinic_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a13",
                     *           "kind": "clinic",
                     *           "name": "South Family Practice"
                     *         }
                     *       ],
                     *       "state": "pending",
                     *       "statement": "North Massage Clinic may give South Family Practice the progress report for treatment until 2027-05-23.",
                     *       "statement_hash": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                     *       "two_way": false
                     *     }
                     */
                    "application/json": components["schemas"]["LinkConsent"];
                };
            };
            400: components["responses"]["Problem400BadRequest"];
            401: components["responses"]["Problem401Unauthenticated"];
            403: components["responses"]["Problem403Forbidden"];
            404: components["responses"]["Problem404NotFound"];
            409: components["responses"]["Problem409IllegalTransitionOrIdempotencyInProgress"];
            413: components["responses"]["Problem413ContentTooLarge"];
            415: components["responses"]["Problem415UnsupportedMediaType"];
            422: components["responses"]["Problem422ValidationOrIdempotencyKeyReused"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    revoke_linked_consent: {
        parameters: {
            query?: never;
            header: {
                /** @description Makes the request safe to repeat: the same key and body bring the same answer. */
                "Idempotency-Key"?: string;
                /** @description The session's csrf_token. */
                "X-CSRF-Token": string;
            };
            path: {
                /** @description The link */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "categories": [
                     *         "progress_report"
                     *       ],
                     *       "categories_in_words": [
                     *         "Progress reports"
                     *       ],
                     *       "clinic_name": "North Massage Clinic",
                     *       "consent_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a22",
                     *       "expires_at": "2027-05-23T00:00:00Z",
                     *       "patient_name": "Casey Sample",
                     *       "purpose": "treatment",
                     *       "recipients": [
                     *         {
                     *           "clinic_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a13",
                     *           "kind": "clinic",
                     *           "name": "South Family Practice"
                     *         }
                     *       ],
                     *       "state": "pending",
                     *       "statement": "North Massage Clinic may give South Family Practice the progress report for treatment until 2027-05-23.",
                     *       "statement_hash": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                     *       "two_way": false
                     *     }
                     */
                    "application/json": components["schemas"]["LinkConsent"];
                };
            };
            400: components["responses"]["Problem400BadRequest"];
            401: components["responses"]["Problem401Unauthenticated"];
            403: components["responses"]["Problem403Forbidden"];
            404: components["responses"]["Problem404NotFound"];
            409: components["responses"]["Problem409IllegalTransitionOrIdempotencyInProgress"];
            413: components["responses"]["Problem413ContentTooLarge"];
            415: components["responses"]["Problem415UnsupportedMediaType"];
            422: components["responses"]["Problem422ValidationOrIdempotencyKeyReused"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    open_consent_link_session: {
        parameters: {
            query?: never;
            header?: {
                /** @description Taken and without effect: this answer is never stored. The request is safe to repeat by its own rules. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The link */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "birth_date": "1953-04-17",
                 *       "code": "123456",
                 *       "secret": "Q1v0b8m6v4pW1b3tXh0m2n5r7y9u1w3e5t7i9o1p3a5"
                 *     }
                 */
                "application/json": components["schemas"]["OpenLinkSession"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    /** @description HttpOnly, for this link alone */
                    "Set-Cookie"?: string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "csrf_token": "u6mL0pHkqDqg0lC0JqvN1w",
                     *       "expires_in": 1800
                     *     }
                     */
                    "application/json": components["schemas"]["LinkSession"];
                };
            };
            400: components["responses"]["Problem400BadRequest"];
            401: components["responses"]["Problem401VerificationFailed"];
            403: components["responses"]["Problem403Forbidden"];
            404: components["responses"]["Problem404NotFound"];
            413: components["responses"]["Problem413ContentTooLarge"];
            415: components["responses"]["Problem415UnsupportedMediaType"];
            422: components["responses"]["Problem422Validation"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    sign_linked_consent: {
        parameters: {
            query?: never;
            header: {
                /** @description Makes the request safe to repeat: the same key and body bring the same answer. */
                "Idempotency-Key"?: string;
                /** @description The session's csrf_token. */
                "X-CSRF-Token": string;
            };
            path: {
                /** @description The link */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "signed_name": "Casey Sample",
                 *       "statement_hash": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
                 *     }
                 */
                "application/json": components["schemas"]["LinkSignature"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "categories": [
                     *         "progress_report"
                     *       ],
                     *       "categories_in_words": [
                     *         "Progress reports"
                     *       ],
                     *       "clinic_name": "North Massage Clinic",
                     *       "consent_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a22",
                     *       "expires_at": "2027-05-23T00:00:00Z",
                     *       "patient_name": "Casey Sample",
                     *       "purpose": "treatment",
                     *       "recipients": [
                     *         {
                     *           "clinic_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a13",
                     *           "kind": "clinic",
                     *           "name": "South Family Practice"
                     *         }
                     *       ],
                     *       "state": "pending",
                     *       "statement": "North Massage Clinic may give South Family Practice the progress report for treatment until 2027-05-23.",
                     *       "statement_hash": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                     *       "two_way": false
                     *     }
                     */
                    "application/json": components["schemas"]["LinkConsent"];
                };
            };
            400: components["responses"]["Problem400BadRequest"];
            401: components["responses"]["Problem401Unauthenticated"];
            403: components["responses"]["Problem403Forbidden"];
            404: components["responses"]["Problem404NotFound"];
            409: components["responses"]["Problem409ConflictOrIllegalTransitionOrIdempotencyInProgress"];
            413: components["responses"]["Problem413ContentTooLarge"];
            415: components["responses"]["Problem415UnsupportedMediaType"];
            422: components["responses"]["Problem422ValidationOrIdempotencyKeyReused"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    get_consent: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The consent */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "asked_at": "2026-11-23T09:00:00Z",
                     *       "asked_by": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a11",
                     *       "categories": [
                     *         "progress_report",
                     *         "outcome_measures"
                     *       ],
                     *       "expires_at": "2027-05-23T00:00:00Z",
                     *       "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a22",
                     *       "lapses_at": "2026-12-07T09:00:00Z",
                     *       "patient_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a12",
                     *       "purpose": "treatment",
                     *       "recipients": [
                     *         {
                     *           "clinic_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a13",
                     *           "kind": "clinic",
                     *           "name": "South Family Practice"
                     *         }
                     *       ],
                     *       "state": "pending",
                     *       "statement": "North Massage Clinic may give South Family Practice the progress report for treatment until 2027-05-23.",
                     *       "statement_hash": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                     *       "statement_version": "1",
                     *       "two_way": false,
                     *       "version": 1
                     *     }
                     */
                    "application/json": components["schemas"]["Consent"];
                };
            };
            401: components["responses"]["Problem401Unauthenticated"];
            403: components["responses"]["Problem403Forbidden"];
            404: components["responses"]["Problem404NotFound"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    get_consent_form: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The consent */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The bytes, under the media type of the scan. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/pdf": string;
                    "image/jpeg": string;
                    "image/png": string;
                };
            };
            401: components["responses"]["Problem401Unauthenticated"];
            403: components["responses"]["Problem403Forbidden"];
            404: components["responses"]["Problem404NotFound"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    record_paper_signature: {
        parameters: {
            query?: never;
            header: {
                /** @description Makes the request safe to repeat: the same key and body bring the same answer. */
                "Idempotency-Key"?: string;
                /** @description The ETag of the version that you read. */
                "If-Match": string;
            };
            path: {
                /** @description The consent */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "attested": true,
                 *       "form": {
                 *         "content": "JVBERi0xLjQKJcOkw7zDtsOfCg==",
                 *         "media_type": "application/pdf"
                 *       },
                 *       "signed_name": "Casey Sample",
                 *       "signed_on": "2026-11-20"
                 *     }
                 */
                "application/json": components["schemas"]["PaperSignature"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "asked_at": "2026-11-23T09:00:00Z",
                     *       "asked_by": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a11",
                     *       "categories": [
                     *         "progress_report",
                     *         "outcome_measures"
                     *       ],
                     *       "expires_at": "2027-05-23T00:00:00Z",
                     *       "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a22",
                     *       "lapses_at": "2026-12-07T09:00:00Z",
                     *       "patient_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a12",
                     *       "purpose": "treatment",
                     *       "recipients": [
                     *         {
                     *           "clinic_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a13",
                     *           "kind": "clinic",
                     *           "name": "South Family Practice"
                     *         }
                     *       ],
                     *       "state": "pending",
                     *       "statement": "North Massage Clinic may give South Family Practice the progress report for treatment until 2027-05-23.",
                     *       "statement_hash": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                     *       "statement_version": "1",
                     *       "two_way": false,
                     *       "version": 1
                     *     }
                     */
                    "application/json": components["schemas"]["Consent"];
                };
            };
            400: components["responses"]["Problem400BadRequest"];
            401: components["responses"]["Problem401Unauthenticated"];
            403: components["responses"]["Problem403Forbidden"];
            404: components["responses"]["Problem404NotFound"];
            409: components["responses"]["Problem409IllegalTransitionOrIdempotencyInProgress"];
            412: components["responses"]["Problem412Stale"];
            413: components["responses"]["Problem413ContentTooLargeOrQuotaExceeded"];
            415: components["responses"]["Problem415UnsupportedMediaType"];
            422: components["responses"]["Problem422ValidationOrIdempotencyKeyReused"];
            428: components["responses"]["Problem428PreconditionRequired"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    revoke_consent: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body bring the same answer. */
                "Idempotency-Key"?: string;
                /** @description The ETag of the version that you read, if the change is to depend on it. */
                "If-Match"?: string;
            };
            path: {
                /** @description The consent */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "note": "By telephone"
                 *     }
                 */
                "application/json": components["schemas"]["RevokeConsent"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "asked_at": "2026-11-23T09:00:00Z",
                     *       "asked_by": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a11",
                     *       "categories": [
                     *         "progress_report",
                     *         "outcome_measures"
                     *       ],
                     *       "expires_at": "2027-05-23T00:00:00Z",
                     *       "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a22",
                     *       "lapses_at": "2026-12-07T09:00:00Z",
                     *       "patient_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a12",
                     *       "purpose": "treatment",
                     *       "recipients": [
                     *         {
                     *           "clinic_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a13",
                     *           "kind": "clinic",
                     *           "name": "South Family Practice"
                     *         }
                     *       ],
                     *       "state": "pending",
                     *       "statement": "North Massage Clinic may give South Family Practice the progress report for treatment until 2027-05-23.",
                     *       "statement_hash": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                     *       "statement_version": "1",
                     *       "two_way": false,
                     *       "version": 1
                     *     }
                     */
                    "application/json": components["schemas"]["Consent"];
                };
            };
            400: components["responses"]["Problem400BadRequest"];
            401: components["responses"]["Problem401Unauthenticated"];
            403: components["responses"]["Problem403Forbidden"];
            404: components["responses"]["Problem404NotFound"];
            409: components["responses"]["Problem409IllegalTransitionOrIdempotencyInProgress"];
            412: components["responses"]["Problem412Stale"];
            413: components["responses"]["Problem413ContentTooLarge"];
            415: components["responses"]["Problem415UnsupportedMediaType"];
            422: components["responses"]["Problem422ValidationOrIdempotencyKeyReused"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    list_emergency_access: {
        parameters: {
            query?: {
                /** @description Only those in this state: `open_review`, `closed`, or `active`, which are those under which something can be read now. */
                state?: "open_review" | "closed" | "active";
                /** @description How many items a page holds, 1 to 100; 25 if left out. */
                limit?: number;
                /** @description The `next_cursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "ended_at": null,
                     *           "ended_by": null,
                     *           "ends_at": "2026-11-26T11:00:00Z",
                     *           "explanation": "The patient fainted at the desk, and nobody who treats is in the house.",
                     *           "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a19",
                     *           "is_active": true,
                     *           "member_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a12",
                     *           "patient_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a18",
                     *           "readings": 2,
                     *           "reason": "treatment_emergency",
                     *           "review": {
                     *             "finding": null,
                     *             "has_reviewer": true,
                     *             "note": null,
                     *             "reviewed_at": null,
                     *             "reviewed_by": null,
                     *             "state": "open"
                     *           },
                     *           "started_at": "2026-11-26T10:00:00Z",
                     *           "version": 1
                     *         }
                     *       ],
                     *       "next_cursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["EmergencyAccessList"];
                };
            };
            401: components["responses"]["Problem401Unauthenticated"];
            403: components["responses"]["Problem403Forbidden"];
            422: components["responses"]["Problem422Validation"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    get_emergency_access: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The emergency access */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "ended_at": null,
                     *       "ended_by": null,
                     *       "ends_at": "2026-11-26T11:00:00Z",
                     *       "explanation": "The patient fainted at the desk, and nobody who treats is in the house.",
                     *       "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a19",
                     *       "is_active": true,
                     *       "member_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a12",
                     *       "patient_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a18",
                     *       "readings": 2,
                     *       "reason": "treatment_emergency",
                     *       "review": {
                     *         "finding": null,
                     *         "has_reviewer": true,
                     *         "note": null,
                     *         "reviewed_at": null,
                     *         "reviewed_by": null,
                     *         "state": "open"
                     *       },
                     *       "started_at": "2026-11-26T10:00:00Z",
                     *       "version": 1
                     *     }
                     */
                    "application/json": components["schemas"]["EmergencyAccess"];
                };
            };
            401: components["responses"]["Problem401Unauthenticated"];
            403: components["responses"]["Problem403Forbidden"];
            404: components["responses"]["Problem404NotFound"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    end_emergency_access: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body bring the same answer. */
                "Idempotency-Key"?: string;
                /** @description The ETag of the version that you read, if the change is to depend on it. */
                "If-Match"?: string;
            };
            path: {
                /** @description The emergency access */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "ended_at": null,
                     *       "ended_by": null,
                     *       "ends_at": "2026-11-26T11:00:00Z",
                     *       "explanation": "The patient fainted at the desk, and nobody who treats is in the house.",
                     *       "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a19",
                     *       "is_active": true,
                     *       "member_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a12",
                     *       "patient_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a18",
                     *       "readings": 2,
                     *       "reason": "treatment_emergency",
                     *       "review": {
                     *         "finding": null,
                     *         "has_reviewer": true,
                     *         "note": null,
                     *         "reviewed_at": null,
                     *         "reviewed_by": null,
                     *         "state": "open"
                     *       },
                     *       "started_at": "2026-11-26T10:00:00Z",
                     *       "version": 1
                     *     }
                     */
                    "application/json": components["schemas"]["EmergencyAccess"];
                };
            };
            400: components["responses"]["Problem400BadRequest"];
            401: components["responses"]["Problem401Unauthenticated"];
            403: components["responses"]["Problem403Forbidden"];
            404: components["responses"]["Problem404NotFound"];
            409: components["responses"]["Problem409IllegalTransitionOrIdempotencyInProgress"];
            412: components["responses"]["Problem412Stale"];
            413: components["responses"]["Problem413ContentTooLarge"];
            415: components["responses"]["Problem415UnsupportedMediaType"];
            422: components["responses"]["Problem422ValidationOrIdempotencyKeyReused"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    review_emergency_access: {
        parameters: {
            query?: never;
            header: {
                /** @description Makes the request safe to repeat: the same key and body bring the same answer. */
                "Idempotency-Key"?: string;
                /** @description The ETag of the version that you read. */
                "If-Match": string;
            };
            path: {
                /** @description The emergency access */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "finding": "justified",
                 *       "note": "The ambulance needed to know of the treatment. Nothing else was read."
                 *     }
                 */
                "application/json": components["schemas"]["ReviewEmergencyAccess"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "ended_at": null,
                     *       "ended_by": null,
                     *       "ends_at": "2026-11-26T11:00:00Z",
                     *       "explanation": "The patient fainted at the desk, and nobody who treats is in the house.",
                     *       "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a19",
                     *       "is_active": true,
                     *       "member_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a12",
                     *       "patient_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a18",
                     *       "readings": 2,
                     *       "reason": "treatment_emergency",
                     *       "review": {
                     *         "finding": null,
                     *         "has_reviewer": true,
                     *         "note": null,
                     *         "reviewed_at": null,
                     *         "reviewed_by": null,
                     *         "state": "open"
                     *       },
                     *       "started_at": "2026-11-26T10:00:00Z",
                     *       "version": 1
                     *     }
                     */
                    "application/json": components["schemas"]["EmergencyAccess"];
                };
            };
            400: components["responses"]["Problem400BadRequest"];
            401: components["responses"]["Problem401Unauthenticated"];
            403: components["responses"]["Problem403Forbidden"];
            404: components["responses"]["Problem404NotFound"];
            409: components["responses"]["Problem409IllegalTransitionOrIdempotencyInProgress"];
            412: components["responses"]["Problem412Stale"];
            413: components["responses"]["Problem413ContentTooLarge"];
            415: components["responses"]["Problem415UnsupportedMediaType"];
            422: components["responses"]["Problem422ValidationOrIdempotencyKeyReused"];
            428: components["responses"]["Problem428PreconditionRequired"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    list_events: {
        parameters: {
            query?: {
                /** @description Only those of this type, such as `share.delivered`. */
                type?: "consent.activated" | "consent.declined" | "consent.revoked" | "consent.superseded" | "report.signed" | "share.delivered" | "share.opened" | "share.acknowledged" | "share.withdrawn" | "referral.draft" | "referral.sent" | "referral.received" | "referral.information_requested" | "referral.accepted" | "referral.declined" | "referral.redirected" | "referral.waitlisted" | "referral.scheduled" | "referral.no_show" | "referral.in_care" | "referral.cancellation_requested" | "referral.completed" | "referral.discontinued" | "referral.cancelled" | "referral.expired" | "referral.entered_in_error" | "referral.message" | "incident.opened" | "emergency_access.opened";
                /** @description Only those after the event of this `sequence`. */
                after?: number;
                /** @description How many items a page holds, 1 to 100; 25 if left out. */
                limit?: number;
                /** @description The `next_cursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a20",
                     *           "object": {
                     *             "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a21",
                     *             "type": "share",
                     *             "version": 1
                     *           },
                     *           "occurred_at": "2026-11-23T09:30:00Z",
                     *           "sequence": 42,
                     *           "type": "share.delivered"
                     *         }
                     *       ],
                     *       "next_cursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["EventList"];
                };
            };
            401: components["responses"]["Problem401Unauthenticated"];
            403: components["responses"]["Problem403Forbidden"];
            422: components["responses"]["Problem422Validation"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    follow_events: {
        parameters: {
            query?: {
                /** @description Only events of this type, such as `share.delivered`. */
                type?: "consent.activated" | "consent.declined" | "consent.revoked" | "consent.superseded" | "report.signed" | "share.delivered" | "share.opened" | "share.acknowledged" | "share.withdrawn" | "referral.draft" | "referral.sent" | "referral.received" | "referral.information_requested" | "referral.accepted" | "referral.declined" | "referral.redirected" | "referral.waitlisted" | "referral.scheduled" | "referral.no_show" | "referral.in_care" | "referral.cancellation_requested" | "referral.completed" | "referral.discontinued" | "referral.cancelled" | "referral.expired" | "referral.entered_in_error" | "referral.message" | "incident.opened" | "emergency_access.opened";
                /** @description From the event after this `sequence` on; from now on, if left out. `Last-Event-ID` comes before it. */
                after?: number;
                /** @description For how many seconds, 0 to 300; as long as the access token is good, if left out. */
                seconds?: number;
            };
            header?: {
                /** @description The last `id` that you have. */
                "Last-Event-ID"?: number;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Events as they happen, and a comment now and then to show that it lives. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            401: components["responses"]["Problem401Unauthenticated"];
            403: components["responses"]["Problem403Forbidden"];
            422: components["responses"]["Problem422Validation"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    list_inbox: {
        parameters: {
            query?: {
                /** @description Only those in this state: `delivered`, `opened`, `acknowledged` or `withdrawn`. */
                state?: "delivered" | "opened" | "acknowledged" | "withdrawn";
                /** @description How many items a page holds, 1 to 100; 25 if left out. */
                limit?: number;
                /** @description The `next_cursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "delivered_at": "2026-11-23T09:30:00Z",
                     *           "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a21",
                     *           "kind": "progress_report",
                     *           "purpose": "treatment",
                     *           "recipient": {
                     *             "clinic_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a13",
                     *             "kind": "clinic",
                     *             "name": "South Family Practice"
                     *           },
                     *           "report_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a20",
                     *           "report_version": 1,
                     *           "sections": [
                     *             "treatment",
                     *             "schedule",
                     *             "goals",
                     *             "measures"
                     *           ],
                     *           "sender_clinic": {
                     *             "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a10",
                     *             "name": "North Massage Clinic"
                     *           },
                     *           "sent_by": {
                     *             "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a11",
                     *             "name": "Robin Example",
                     *             "profession": "Massage therapist"
                     *           },
                     *           "state": "delivered",
                     *           "version": 1
                     *         }
                     *       ],
                     *       "next_cursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["ShareList"];
                };
            };
            401: components["responses"]["Problem401Unauthenticated"];
            403: components["responses"]["Problem403Forbidden"];
            422: components["responses"]["Problem422Validation"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    list_incidents: {
        parameters: {
            query?: {
                /** @description Only those in this state: `open` or `closed`. */
                state?: "open" | "closed";
                /** @description How many items a page holds, 1 to 100; 25 if left out. */
                limit?: number;
                /** @description The `next_cursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "closed_at": null,
                     *           "closed_by": null,
                     *           "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a15",
                     *           "kind": "misdirected",
                     *           "note": null,
                     *           "patient_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a18",
                     *           "recipient": {
                     *             "clinic_id": null,
                     *             "email": "kim@guest.example.org",
                     *             "kind": "guest",
                     *             "name": "Kim Guest",
                     *             "practitioner_id": null
                     *           },
                     *           "referral_id": null,
                     *           "report_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a17",
                     *           "reported_at": "2026-11-23T10:00:00Z",
                     *           "share_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a16",
                     *           "state": "open",
                     *           "version": 1,
                     *           "was_read": false
                     *         }
                     *       ],
                     *       "next_cursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["IncidentList"];
                };
            };
            401: components["responses"]["Problem401Unauthenticated"];
            403: components["responses"]["Problem403Forbidden"];
            422: components["responses"]["Problem422Validation"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    get_incident: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The incident */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "closed_at": null,
                     *       "closed_by": null,
                     *       "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a15",
                     *       "kind": "misdirected",
                     *       "note": null,
                     *       "patient_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a18",
                     *       "recipient": {
                     *         "clinic_id": null,
                     *         "email": "kim@guest.example.org",
                     *         "kind": "guest",
                     *         "name": "Kim Guest",
                     *         "practitioner_id": null
                     *       },
                     *       "referral_id": null,
                     *       "report_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a17",
                     *       "reported_at": "2026-11-23T10:00:00Z",
                     *       "share_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a16",
                     *       "state": "open",
                     *       "version": 1,
                     *       "was_read": false
                     *     }
                     */
                    "application/json": components["schemas"]["Incident"];
                };
            };
            401: components["responses"]["Problem401Unauthenticated"];
            403: components["responses"]["Problem403Forbidden"];
            404: components["responses"]["Problem404NotFound"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    close_incident: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body bring the same answer. */
                "Idempotency-Key"?: string;
                /** @description The ETag of the version that you read, if the change is to depend on it. */
                "If-Match"?: string;
            };
            path: {
                /** @description The incident */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "note": "The address had a wrong letter. The patient was told, and the right colleague was sent a link."
                 *     }
                 */
                "application/json": components["schemas"]["CloseIncident"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "closed_at": null,
                     *       "closed_by": null,
                     *       "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a15",
                     *       "kind": "misdirected",
                     *       "note": null,
                     *       "patient_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a18",
                     *       "recipient": {
                     *         "clinic_id": null,
                     *         "email": "kim@guest.example.org",
                     *         "kind": "guest",
                     *         "name": "Kim Guest",
                     *         "practitioner_id": null
                     *       },
                     *       "referral_id": null,
                     *       "report_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a17",
                     *       "reported_at": "2026-11-23T10:00:00Z",
                     *       "share_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a16",
                     *       "state": "open",
                     *       "version": 1,
                     *       "was_read": false
                     *     }
                     */
                    "application/json": components["schemas"]["Incident"];
                };
            };
            400: components["responses"]["Problem400BadRequest"];
            401: components["responses"]["Problem401Unauthenticated"];
            403: components["responses"]["Problem403Forbidden"];
            404: components["responses"]["Problem404NotFound"];
            409: components["responses"]["Problem409IllegalTransitionOrIdempotencyInProgress"];
            412: components["responses"]["Problem412Stale"];
            413: components["responses"]["Problem413ContentTooLarge"];
            415: components["responses"]["Problem415UnsupportedMediaType"];
            422: components["responses"]["Problem422ValidationOrIdempotencyKeyReused"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    list_members: {
        parameters: {
            query?: {
                /** @description How many items a page holds, 1 to 100; 25 if left out. */
                limit?: number;
                /** @description The `next_cursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "created_at": "2026-11-23T09:00:00Z",
                     *           "email": "robin@north.example.org",
                     *           "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a11",
                     *           "name": "Robin Example",
                     *           "profession": "Massage therapist",
                     *           "role": "owner",
                     *           "state": "active",
                     *           "version": 1
                     *         }
                     *       ],
                     *       "next_cursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["MemberList"];
                };
            };
            401: components["responses"]["Problem401Unauthenticated"];
            403: components["responses"]["Problem403Forbidden"];
            422: components["responses"]["Problem422Validation"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    invite_member: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body bring the same answer. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "email": "bo@north.example.org",
                 *       "name": "Bo Example",
                 *       "profession": "massage_therapist",
                 *       "role": "practitioner"
                 *     }
                 */
                "application/json": components["schemas"]["Invite"];
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    Location: components["headers"]["Location"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "created_at": "2026-11-23T09:00:00Z",
                     *       "email": "robin@north.example.org",
                     *       "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a11",
                     *       "name": "Robin Example",
                     *       "profession": "Massage therapist",
                     *       "role": "owner",
                     *       "state": "active",
                     *       "version": 1
                     *     }
                     */
                    "application/json": components["schemas"]["Member"];
                };
            };
            400: components["responses"]["Problem400BadRequest"];
            401: components["responses"]["Problem401Unauthenticated"];
            403: components["responses"]["Problem403Forbidden"];
            409: components["responses"]["Problem409ConflictOrIdempotencyInProgress"];
            413: components["responses"]["Problem413ContentTooLarge"];
            415: components["responses"]["Problem415UnsupportedMediaType"];
            422: components["responses"]["Problem422ValidationOrIdempotencyKeyReused"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    accept_invitation: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body bring the same answer. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "password": "another long enough sentence",
                 *       "token": "Q1v0b8m6v4pW1b3tXh0m2n5r7y9u1w3e5t7i9o1p3a5"
                 *     }
                 */
                "application/json": components["schemas"]["AcceptInvitation"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "created_at": "2026-11-23T09:00:00Z",
                     *       "email": "robin@north.example.org",
                     *       "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a11",
                     *       "name": "Robin Example",
                     *       "profession": "Massage therapist",
                     *       "role": "owner",
                     *       "state": "active",
                     *       "version": 1
                     *     }
                     */
                    "application/json": components["schemas"]["Member"];
                };
            };
            400: components["responses"]["Problem400BadRequest"];
            404: components["responses"]["Problem404NotFound"];
            409: components["responses"]["Problem409IdempotencyInProgress"];
            413: components["responses"]["Problem413ContentTooLarge"];
            415: components["responses"]["Problem415UnsupportedMediaType"];
            422: components["responses"]["Problem422ValidationOrIdempotencyKeyReused"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    end_member: {
        parameters: {
            query?: never;
            header: {
                /** @description The ETag of the version that you read. */
                "If-Match": string;
            };
            path: {
                /** @description The member */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; there is no body. */
            204: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem401Unauthenticated"];
            403: components["responses"]["Problem403Forbidden"];
            404: components["responses"]["Problem404NotFound"];
            409: components["responses"]["Problem409ConflictOrIllegalTransition"];
            412: components["responses"]["Problem412Stale"];
            428: components["responses"]["Problem428PreconditionRequired"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    create_patient: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body bring the same answer. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "birth_date": "1953-04-17",
                 *       "email": "casey@patients.example.org",
                 *       "family_name": "Sample",
                 *       "given_name": "Casey",
                 *       "mrn": "N-1001",
                 *       "phone": "555-0111"
                 *     }
                 */
                "application/json": components["schemas"]["NewPatient"];
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    Location: components["headers"]["Location"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "birth_date": "1953-04-17",
                     *       "created_at": "2026-11-23T09:00:00Z",
                     *       "email": "casey@patients.example.org",
                     *       "family_name": "Sample",
                     *       "given_name": "Casey",
                     *       "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a12",
                     *       "mrn": "N-1001",
                     *       "phone": "555-0111",
                     *       "updated_at": "2026-11-23T09:00:00Z",
                     *       "version": 1
                     *     }
                     */
                    "application/json": components["schemas"]["Patient"];
                };
            };
            400: components["responses"]["Problem400BadRequest"];
            401: components["responses"]["Problem401Unauthenticated"];
            403: components["responses"]["Problem403Forbidden"];
            409: components["responses"]["Problem409ConflictOrIdempotencyInProgress"];
            413: components["responses"]["Problem413ContentTooLarge"];
            415: components["responses"]["Problem415UnsupportedMediaType"];
            422: components["responses"]["Problem422ValidationOrIdempotencyKeyReused"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    search_patients: {
        parameters: {
            query?: {
                /** @description How many items a page holds, 1 to 100; 25 if left out. */
                limit?: number;
                /** @description The `next_cursor` of the page before. */
                cursor?: string;
            };
            header?: {
                /** @description Makes the request safe to repeat: the same key and body bring the same answer. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "family_name": "Sam"
                 *     }
                 */
                "application/json": components["schemas"]["PatientSearch"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "birth_date": "1953-04-17",
                     *           "created_at": "2026-11-23T09:00:00Z",
                     *           "email": "casey@patients.example.org",
                     *           "family_name": "Sample",
                     *           "given_name": "Casey",
                     *           "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a12",
                     *           "mrn": "N-1001",
                     *           "phone": "555-0111",
                     *           "updated_at": "2026-11-23T09:00:00Z",
                     *           "version": 1
                     *         }
                     *       ],
                     *       "next_cursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["PatientList"];
                };
            };
            400: components["responses"]["Problem400BadRequest"];
            401: components["responses"]["Problem401Unauthenticated"];
            403: components["responses"]["Problem403Forbidden"];
            409: components["responses"]["Problem409IdempotencyInProgress"];
            413: components["responses"]["Problem413ContentTooLarge"];
            415: components["responses"]["Problem415UnsupportedMediaType"];
            422: components["responses"]["Problem422ValidationOrIdempotencyKeyReused"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    get_patient: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The patient */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "birth_date": "1953-04-17",
                     *       "created_at": "2026-11-23T09:00:00Z",
                     *       "email": "casey@patients.example.org",
                     *       "family_name": "Sample",
                     *       "given_name": "Casey",
                     *       "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a12",
                     *       "mrn": "N-1001",
                     *       "phone": "555-0111",
                     *       "updated_at": "2026-11-23T09:00:00Z",
                     *       "version": 1
                     *     }
                     */
                    "application/json": components["schemas"]["Patient"];
                };
            };
            401: components["responses"]["Problem401Unauthenticated"];
            403: components["responses"]["Problem403Forbidden"];
            404: components["responses"]["Problem404NotFound"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    update_patient: {
        parameters: {
            query?: never;
            header: {
                /** @description The ETag of the version that you read. */
                "If-Match": string;
            };
            path: {
                /** @description The patient */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "phone": "555-0112"
                 *     }
                 */
                "application/json": components["schemas"]["PatientPatch"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "birth_date": "1953-04-17",
                     *       "created_at": "2026-11-23T09:00:00Z",
                     *       "email": "casey@patients.example.org",
                     *       "family_name": "Sample",
                     *       "given_name": "Casey",
                     *       "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a12",
                     *       "mrn": "N-1001",
                     *       "phone": "555-0111",
                     *       "updated_at": "2026-11-23T09:00:00Z",
                     *       "version": 1
                     *     }
                     */
                    "application/json": components["schemas"]["Patient"];
                };
            };
            400: components["responses"]["Problem400BadRequest"];
            401: components["responses"]["Problem401Unauthenticated"];
            403: components["responses"]["Problem403Forbidden"];
            404: components["responses"]["Problem404NotFound"];
            409: components["responses"]["Problem409Conflict"];
            412: components["responses"]["Problem412Stale"];
            413: components["responses"]["Problem413ContentTooLarge"];
            415: components["responses"]["Problem415UnsupportedMediaType"];
            422: components["responses"]["Problem422Validation"];
            428: components["responses"]["Problem428PreconditionRequired"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    list_consents: {
        parameters: {
            query?: {
                /** @description How many items a page holds, 1 to 100; 25 if left out. */
                limit?: number;
                /** @description The `next_cursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description The patient */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "asked_at": "2026-11-23T09:00:00Z",
                     *           "asked_by": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a11",
                     *           "categories": [
                     *             "progress_report",
                     *             "outcome_measures"
                     *           ],
                     *           "expires_at": "2027-05-23T00:00:00Z",
                     *           "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a22",
                     *           "lapses_at": "2026-12-07T09:00:00Z",
                     *           "patient_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a12",
                     *           "purpose": "treatment",
                     *           "recipients": [
                     *             {
                     *               "clinic_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a13",
                     *               "kind": "clinic",
                     *               "name": "South Family Practice"
                     *             }
                     *           ],
                     *           "state": "pending",
                     *           "statement": "North Massage Clinic may give South Family Practice the progress report for treatment until 2027-05-23.",
                     *           "statement_hash": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                     *           "statement_version": "1",
                     *           "two_way": false,
                     *           "version": 1
                     *         }
                     *       ],
                     *       "next_cursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["ConsentList"];
                };
            };
            401: components["responses"]["Problem401Unauthenticated"];
            403: components["responses"]["Problem403Forbidden"];
            404: components["responses"]["Problem404NotFound"];
            422: components["responses"]["Problem422Validation"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    ask_consent: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body bring the same answer. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The patient */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "categories": [
                 *         "treatment_plan",
                 *         "progress_report",
                 *         "outcome_measures"
                 *       ],
                 *       "expires_at": "2027-11-23T00:00:00Z",
                 *       "purpose": "treatment",
                 *       "recipients": [
                 *         {
                 *           "clinic_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a13"
                 *         }
                 *       ],
                 *       "two_way": true
                 *     }
                 */
                "application/json": components["schemas"]["NewConsent"];
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    Location: components["headers"]["Location"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "asked_at": "2026-11-23T09:00:00Z",
                     *       "asked_by": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a11",
                     *       "categories": [
                     *         "progress_report",
                     *         "outcome_measures"
                     *       ],
                     *       "expires_at": "2027-05-23T00:00:00Z",
                     *       "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a22",
                     *       "lapses_at": "2026-12-07T09:00:00Z",
                     *       "patient_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a12",
                     *       "purpose": "treatment",
                     *       "recipients": [
                     *         {
                     *           "clinic_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a13",
                     *           "kind": "clinic",
                     *           "name": "South Family Practice"
                     *         }
                     *       ],
                     *       "state": "pending",
                     *       "statement": "North Massage Clinic may give South Family Practice the progress report for treatment until 2027-05-23.",
                     *       "statement_hash": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                     *       "statement_version": "1",
                     *       "two_way": false,
                     *       "version": 1
                     *     }
                     */
                    "application/json": components["schemas"]["Consent"];
                };
            };
            400: components["responses"]["Problem400BadRequest"];
            401: components["responses"]["Problem401Unauthenticated"];
            403: components["responses"]["Problem403Forbidden"];
            404: components["responses"]["Problem404NotFound"];
            409: components["responses"]["Problem409IdempotencyInProgress"];
            413: components["responses"]["Problem413ContentTooLarge"];
            415: components["responses"]["Problem415UnsupportedMediaType"];
            422: components["responses"]["Problem422ValidationOrIdempotencyKeyReused"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    list_disclosures: {
        parameters: {
            query?: {
                /** @description The first day (UTC), at most six years ago; six years ago if left out. */
                from?: string;
                /** @description The last day (UTC); today if left out. */
                until?: string;
                /** @description How many items a page holds, 1 to 100; 25 if left out. */
                limit?: number;
                /** @description The `next_cursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description The patient */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    "Rapport-Checkpoint": components["headers"]["Rapport-Checkpoint"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "basis": "Treatment, with the patient's consent",
                     *           "consent_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a22",
                     *           "description": "Progress report, version 1: treatment, goals, measures",
                     *           "disclosed_at": "2026-11-23T09:30:00Z",
                     *           "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a33",
                     *           "is_required": false,
                     *           "purpose": "treatment",
                     *           "recipient_clinic": "South Family Practice",
                     *           "recipient_name": "Jordan Sample",
                     *           "share_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a21"
                     *         }
                     *       ],
                     *       "next_cursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["DisclosureList"];
                };
            };
            401: components["responses"]["Problem401Unauthenticated"];
            403: components["responses"]["Problem403Forbidden"];
            404: components["responses"]["Problem404NotFound"];
            422: components["responses"]["Problem422Validation"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    open_emergency_access: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body bring the same answer. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The patient */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "code": "123456",
                 *       "explanation": "The patient fainted at the desk, and nobody who treats is in the house.",
                 *       "reason": "treatment_emergency"
                 *     }
                 */
                "application/json": components["schemas"]["OpenEmergencyAccess"];
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    Location: components["headers"]["Location"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "ended_at": null,
                     *       "ended_by": null,
                     *       "ends_at": "2026-11-26T11:00:00Z",
                     *       "explanation": "The patient fainted at the desk, and nobody who treats is in the house.",
                     *       "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a19",
                     *       "is_active": true,
                     *       "member_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a12",
                     *       "patient_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a18",
                     *       "readings": 2,
                     *       "reason": "treatment_emergency",
                     *       "review": {
                     *         "finding": null,
                     *         "has_reviewer": true,
                     *         "note": null,
                     *         "reviewed_at": null,
                     *         "reviewed_by": null,
                     *         "state": "open"
                     *       },
                     *       "started_at": "2026-11-26T10:00:00Z",
                     *       "version": 1
                     *     }
                     */
                    "application/json": components["schemas"]["EmergencyAccess"];
                };
            };
            400: components["responses"]["Problem400BadRequest"];
            401: components["responses"]["Problem401UnauthenticatedOrVerificationFailed"];
            403: components["responses"]["Problem403Forbidden"];
            404: components["responses"]["Problem404NotFound"];
            409: components["responses"]["Problem409ConflictOrIdempotencyInProgress"];
            413: components["responses"]["Problem413ContentTooLarge"];
            415: components["responses"]["Problem415UnsupportedMediaType"];
            422: components["responses"]["Problem422ValidationOrIdempotencyKeyReused"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    list_sharing_history: {
        parameters: {
            query?: {
                /** @description How many items a page holds, 1 to 100; 25 if left out. */
                limit?: number;
                /** @description The `next_cursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description The patient */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    "Rapport-Checkpoint": components["headers"]["Rapport-Checkpoint"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "action": "share.read",
                     *           "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a14",
                     *           "in_words": "Dr. Sam Example (South Family Practice) read a progress report.",
                     *           "occurred_at": "2026-11-23T10:00:00Z",
                     *           "outcome": "permitted"
                     *         }
                     *       ],
                     *       "next_cursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["SharingHistory"];
                };
            };
            401: components["responses"]["Problem401Unauthenticated"];
            403: components["responses"]["Problem403Forbidden"];
            404: components["responses"]["Problem404NotFound"];
            422: components["responses"]["Problem422Validation"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    list_practitioners: {
        parameters: {
            query?: {
                /** @description Letters of the practitioner's or the clinic's name. */
                q?: string;
                /** @description The profession, as the entry has it. */
                profession?: string;
                /** @description A focus, as the entry has it. */
                focus?: string;
                /** @description Whether new patients are welcome. */
                accepting?: boolean;
                /** @description How many items a page holds, 1 to 100; 25 if left out. */
                limit?: number;
                /** @description The `next_cursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "clinic": {
                     *             "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a11",
                     *             "name": "North Massage Therapy (demo)"
                     *           },
                     *           "focus": [
                     *             "chronic_pain"
                     *           ],
                     *           "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a10",
                     *           "is_accepting": true,
                     *           "name": "Ada Example",
                     *           "npi": "1234567893",
                     *           "nucc_code": "225700000X",
                     *           "profession": "massage_therapist",
                     *           "version": 1
                     *         }
                     *       ],
                     *       "next_cursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["PractitionerList"];
                };
            };
            401: components["responses"]["Problem401Unauthenticated"];
            422: components["responses"]["Problem422Validation"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    get_own_entry: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "clinic": {
                     *         "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a11",
                     *         "name": "North Massage Therapy (demo)"
                     *       },
                     *       "focus": [
                     *         "chronic_pain"
                     *       ],
                     *       "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a10",
                     *       "is_accepting": true,
                     *       "name": "Ada Example",
                     *       "npi": "1234567893",
                     *       "nucc_code": "225700000X",
                     *       "profession": "massage_therapist",
                     *       "version": 1
                     *     }
                     */
                    "application/json": components["schemas"]["Practitioner"];
                };
            };
            401: components["responses"]["Problem401Unauthenticated"];
            404: components["responses"]["Problem404NotFound"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    update_own_entry: {
        parameters: {
            query?: never;
            header: {
                /** @description The ETag of the version that you read. */
                "If-Match": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "focus": [
                 *         "chronic_pain",
                 *         "sports"
                 *       ],
                 *       "is_accepting": true
                 *     }
                 */
                "application/json": components["schemas"]["PractitionerPatch"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "clinic": {
                     *         "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a11",
                     *         "name": "North Massage Therapy (demo)"
                     *       },
                     *       "focus": [
                     *         "chronic_pain"
                     *       ],
                     *       "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a10",
                     *       "is_accepting": true,
                     *       "name": "Ada Example",
                     *       "npi": "1234567893",
                     *       "nucc_code": "225700000X",
                     *       "profession": "massage_therapist",
                     *       "version": 1
                     *     }
                     */
                    "application/json": components["schemas"]["Practitioner"];
                };
            };
            400: components["responses"]["Problem400BadRequest"];
            401: components["responses"]["Problem401Unauthenticated"];
            404: components["responses"]["Problem404NotFound"];
            412: components["responses"]["Problem412Stale"];
            413: components["responses"]["Problem413ContentTooLarge"];
            415: components["responses"]["Problem415UnsupportedMediaType"];
            422: components["responses"]["Problem422Validation"];
            428: components["responses"]["Problem428PreconditionRequired"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    get_practitioner: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The practitioner */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "clinic": {
                     *         "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a11",
                     *         "name": "North Massage Therapy (demo)"
                     *       },
                     *       "focus": [
                     *         "chronic_pain"
                     *       ],
                     *       "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a10",
                     *       "is_accepting": true,
                     *       "name": "Ada Example",
                     *       "npi": "1234567893",
                     *       "nucc_code": "225700000X",
                     *       "profession": "massage_therapist",
                     *       "version": 1
                     *     }
                     */
                    "application/json": components["schemas"]["Practitioner"];
                };
            };
            401: components["responses"]["Problem401Unauthenticated"];
            404: components["responses"]["Problem404NotFound"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    get_linked_referral: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The link */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "allowed": [
                     *         "cancel",
                     *         "enter_in_error"
                     *       ],
                     *       "awaits": "recipient",
                     *       "content": {
                     *         "condition": "Low back stiffness of six months, worse in the morning",
                     *         "notes": [],
                     *         "question": "Is a course of six visits worth trying?",
                     *         "reason": "Manual treatment before imaging is considered",
                     *         "requested_services": [
                     *           "Evaluation"
                     *         ],
                     *         "share_ids": []
                     *       },
                     *       "created_at": "2026-11-23T09:00:00Z",
                     *       "due_at": "2026-11-25T09:05:00Z",
                     *       "expires_at": "2026-12-23T09:05:00Z",
                     *       "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a24",
                     *       "kind": "referral",
                     *       "overdue": false,
                     *       "patient_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a12",
                     *       "recipient": {
                     *         "clinic_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a13",
                     *         "kind": "clinic",
                     *         "name": "South Family Practice"
                     *       },
                     *       "sender_clinic": {
                     *         "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a10",
                     *         "name": "North Massage Clinic"
                     *       },
                     *       "sent_at": "2026-11-23T09:05:00Z",
                     *       "sent_by": {
                     *         "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a11",
                     *         "name": "Robin Example",
                     *         "profession": "Massage therapist"
                     *       },
                     *       "state": "sent",
                     *       "urgency": "routine",
                     *       "version": 2
                     *     }
                     */
                    "application/json": components["schemas"]["Referral"];
                };
            };
            401: components["responses"]["Problem401Unauthenticated"];
            403: components["responses"]["Problem403ForbiddenOrDenied"];
            404: components["responses"]["Problem404NotFound"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    challenge_referral_link: {
        parameters: {
            query?: never;
            header?: {
                /** @description Taken and without effect: this answer is never stored. The request is safe to repeat by its own rules. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The link */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "secret": "Q1v0b8m6v4pW1b3tXh0m2n5r7y9u1w3e5t7i9o1p3a5"
                 *     }
                 */
                "application/json": components["schemas"]["ShareLinkSecret"];
            };
        };
        responses: {
            /** @description Accepted. */
            202: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "expires_in": 600,
                     *       "sent_to": "c…@patients.example.org"
                     *     }
                     */
                    "application/json": components["schemas"]["LinkCodeSent"];
                };
            };
            400: components["responses"]["Problem400BadRequest"];
            403: components["responses"]["Problem403Forbidden"];
            404: components["responses"]["Problem404NotFound"];
            413: components["responses"]["Problem413ContentTooLarge"];
            415: components["responses"]["Problem415UnsupportedMediaType"];
            422: components["responses"]["Problem422Validation"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    claim_linked_referral: {
        parameters: {
            query?: never;
            header?: {
                /** @description Taken and without effect: this answer is never stored. The request is safe to repeat by its own rules. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The link */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "code": "123456",
                 *       "secret": "Q1v0b8m6v4pW1b3tXh0m2n5r7y9u1w3e5t7i9o1p3a5"
                 *     }
                 */
                "application/json": components["schemas"]["ClaimReferral"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "allowed": [
                     *         "cancel",
                     *         "enter_in_error"
                     *       ],
                     *       "awaits": "recipient",
                     *       "content": {
                     *         "condition": "Low back stiffness of six months, worse in the morning",
                     *         "notes": [],
                     *         "question": "Is a course of six visits worth trying?",
                     *         "reason": "Manual treatment before imaging is considered",
                     *         "requested_services": [
                     *           "Evaluation"
                     *         ],
                     *         "share_ids": []
                     *       },
                     *       "created_at": "2026-11-23T09:00:00Z",
                     *       "due_at": "2026-11-25T09:05:00Z",
                     *       "expires_at": "2026-12-23T09:05:00Z",
                     *       "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a24",
                     *       "kind": "referral",
                     *       "overdue": false,
                     *       "patient_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a12",
                     *       "recipient": {
                     *         "clinic_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a13",
                     *         "kind": "clinic",
                     *         "name": "South Family Practice"
                     *       },
                     *       "sender_clinic": {
                     *         "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a10",
                     *         "name": "North Massage Clinic"
                     *       },
                     *       "sent_at": "2026-11-23T09:05:00Z",
                     *       "sent_by": {
                     *         "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a11",
                     *         "name": "Robin Example",
                     *         "profession": "Massage therapist"
                     *       },
                     *       "state": "sent",
                     *       "urgency": "routine",
                     *       "version": 2
                     *     }
                     */
                    "application/json": components["schemas"]["Referral"];
                };
            };
            400: components["responses"]["Problem400BadRequest"];
            401: components["responses"]["Problem401UnauthenticatedOrVerificationFailed"];
            403: components["responses"]["Problem403Forbidden"];
            404: components["responses"]["Problem404NotFound"];
            413: components["responses"]["Problem413ContentTooLarge"];
            415: components["responses"]["Problem415UnsupportedMediaType"];
            422: components["responses"]["Problem422Validation"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    decline_linked_referral: {
        parameters: {
            query?: never;
            header: {
                /** @description Makes the request safe to repeat: the same key and body bring the same answer. */
                "Idempotency-Key"?: string;
                /** @description The session's csrf_token. */
                "X-CSRF-Token": string;
            };
            path: {
                /** @description The link */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "reason": "no_capacity"
                 *     }
                 */
                "application/json": components["schemas"]["DeclineLinkedReferral"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "allowed": [
                     *         "cancel",
                     *         "enter_in_error"
                     *       ],
                     *       "awaits": "recipient",
                     *       "content": {
                     *         "condition": "Low back stiffness of six months, worse in the morning",
                     *         "notes": [],
                     *         "question": "Is a course of six visits worth trying?",
                     *         "reason": "Manual treatment before imaging is considered",
                     *         "requested_services": [
                     *           "Evaluation"
                     *         ],
                     *         "share_ids": []
                     *       },
                     *       "created_at": "2026-11-23T09:00:00Z",
                     *       "due_at": "2026-11-25T09:05:00Z",
                     *       "expires_at": "2026-12-23T09:05:00Z",
                     *       "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a24",
                     *       "kind": "referral",
                     *       "overdue": false,
                     *       "patient_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a12",
                     *       "recipient": {
                     *         "clinic_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a13",
                     *         "kind": "clinic",
                     *         "name": "South Family Practice"
                     *       },
                     *       "sender_clinic": {
                     *         "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a10",
                     *         "name": "North Massage Clinic"
                     *       },
                     *       "sent_at": "2026-11-23T09:05:00Z",
                     *       "sent_by": {
                     *         "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a11",
                     *         "name": "Robin Example",
                     *         "profession": "Massage therapist"
                     *       },
                     *       "state": "sent",
                     *       "urgency": "routine",
                     *       "version": 2
                     *     }
                     */
                    "application/json": components["schemas"]["Referral"];
                };
            };
            400: components["responses"]["Problem400BadRequest"];
            401: components["responses"]["Problem401Unauthenticated"];
            403: components["responses"]["Problem403Forbidden"];
            404: components["responses"]["Problem404NotFound"];
            409: components["responses"]["Problem409IllegalTransitionOrIdempotencyInProgress"];
            413: components["responses"]["Problem413ContentTooLarge"];
            415: components["responses"]["Problem415UnsupportedMediaType"];
            422: components["responses"]["Problem422ValidationOrIdempotencyKeyReused"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    report_misdirected_referral: {
        parameters: {
            query?: never;
            header?: {
                /** @description Taken and without effect: this answer is never stored. The request is safe to repeat by its own rules. */
                "Idempotency-Key"?: string;
                /** @description The session's csrf_token. */
                "X-CSRF-Token"?: string;
            };
            path: {
                /** @description The link */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "secret": "Q1v0b8m6v4pW1b3tXh0m2n5r7y9u1w3e5t7i9o1p3a5"
                 *     }
                 */
                "application/json": components["schemas"]["ReportMisdirected"];
            };
        };
        responses: {
            /** @description Done; there is no body. */
            204: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400BadRequest"];
            401: components["responses"]["Problem401Unauthenticated"];
            403: components["responses"]["Problem403Forbidden"];
            404: components["responses"]["Problem404NotFound"];
            413: components["responses"]["Problem413ContentTooLarge"];
            415: components["responses"]["Problem415UnsupportedMediaType"];
            422: components["responses"]["Problem422Validation"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    renew_referral_link: {
        parameters: {
            query?: never;
            header?: {
                /** @description Taken and without effect: this answer is never stored. The request is safe to repeat by its own rules. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The link */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "secret": "Q1v0b8m6v4pW1b3tXh0m2n5r7y9u1w3e5t7i9o1p3a5"
                 *     }
                 */
                "application/json": components["schemas"]["ShareLinkSecret"];
            };
        };
        responses: {
            /** @description Accepted. */
            202: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "expires_at": "2026-11-30T09:00:00Z",
                     *       "sent_to": "k…@guest.example.org"
                     *     }
                     */
                    "application/json": components["schemas"]["ShareLinkRenewed"];
                };
            };
            400: components["responses"]["Problem400BadRequest"];
            403: components["responses"]["Problem403Forbidden"];
            404: components["responses"]["Problem404NotFound"];
            413: components["responses"]["Problem413ContentTooLarge"];
            415: components["responses"]["Problem415UnsupportedMediaType"];
            422: components["responses"]["Problem422Validation"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    open_referral_link_session: {
        parameters: {
            query?: never;
            header?: {
                /** @description Taken and without effect: this answer is never stored. The request is safe to repeat by its own rules. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The link */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "code": "123456",
                 *       "secret": "Q1v0b8m6v4pW1b3tXh0m2n5r7y9u1w3e5t7i9o1p3a5"
                 *     }
                 */
                "application/json": components["schemas"]["OpenShareLinkSession"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    /** @description HttpOnly, for this link alone */
                    "Set-Cookie"?: string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "csrf_token": "u6mL0pHkqDqg0lC0JqvN1w",
                     *       "expires_in": 1800
                     *     }
                     */
                    "application/json": components["schemas"]["LinkSession"];
                };
            };
            400: components["responses"]["Problem400BadRequest"];
            401: components["responses"]["Problem401VerificationFailed"];
            403: components["responses"]["Problem403Forbidden"];
            404: components["responses"]["Problem404NotFound"];
            413: components["responses"]["Problem413ContentTooLarge"];
            415: components["responses"]["Problem415UnsupportedMediaType"];
            422: components["responses"]["Problem422Validation"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    get_referral_summary: {
        parameters: {
            query?: {
                /** @description Those that were sent in so many days up to now, 1 to 3650; 90 if left out. */
                days?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "partners": [
                     *         {
                     *           "clinic": {
                     *             "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a10",
                     *             "name": "North Massage Clinic"
                     *           }
                     *         }
                     *       ],
                     *       "received": {
                     *         "accepted": 9,
                     *         "answered": 10,
                     *         "cancelled": 1,
                     *         "expired": 0,
                     *         "median_days_to_answer": 1.5,
                     *         "median_days_to_report": 34,
                     *         "open": 3,
                     *         "overdue": 1,
                     *         "received": 11,
                     *         "reported": 7,
                     *         "sent": 12,
                     *         "turned_down": 1
                     *       },
                     *       "sent": {
                     *         "accepted": 9,
                     *         "answered": 10,
                     *         "cancelled": 1,
                     *         "expired": 0,
                     *         "median_days_to_answer": 1.5,
                     *         "median_days_to_report": 34,
                     *         "open": 3,
                     *         "overdue": 1,
                     *         "received": 11,
                     *         "reported": 7,
                     *         "sent": 12,
                     *         "turned_down": 1
                     *       },
                     *       "since": "2026-08-25T00:00:00Z"
                     *     }
                     */
                    "application/json": components["schemas"]["ReferralSummary"];
                };
            };
            401: components["responses"]["Problem401Unauthenticated"];
            403: components["responses"]["Problem403Forbidden"];
            422: components["responses"]["Problem422Validation"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    get_referral_times: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "emergent": {
                     *         "answer_hours": 1,
                     *         "expiry_days": 1,
                     *         "report_days": 7
                     *       },
                     *       "routine": {
                     *         "answer_hours": 48,
                     *         "expiry_days": 30,
                     *         "report_days": 60
                     *       },
                     *       "urgent": {
                     *         "answer_hours": 8,
                     *         "expiry_days": 7,
                     *         "report_days": 30
                     *       },
                     *       "version": 1
                     *     }
                     */
                    "application/json": components["schemas"]["ReferralTimes"];
                };
            };
            401: components["responses"]["Problem401Unauthenticated"];
            403: components["responses"]["Problem403Forbidden"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    set_referral_times: {
        parameters: {
            query?: never;
            header: {
                /** @description The ETag of the version that you read. */
                "If-Match": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "emergent": {
                 *         "answer_hours": 4,
                 *         "expiry_days": 7,
                 *         "report_days": 14
                 *       },
                 *       "routine": {
                 *         "answer_hours": 72,
                 *         "expiry_days": 30,
                 *         "report_days": 60
                 *       },
                 *       "urgent": {
                 *         "answer_hours": 24,
                 *         "expiry_days": 14,
                 *         "report_days": 30
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["SetReferralTimes"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "emergent": {
                     *         "answer_hours": 1,
                     *         "expiry_days": 1,
                     *         "report_days": 7
                     *       },
                     *       "routine": {
                     *         "answer_hours": 48,
                     *         "expiry_days": 30,
                     *         "report_days": 60
                     *       },
                     *       "urgent": {
                     *         "answer_hours": 8,
                     *         "expiry_days": 7,
                     *         "report_days": 30
                     *       },
                     *       "version": 1
                     *     }
                     */
                    "application/json": components["schemas"]["ReferralTimes"];
                };
            };
            400: components["responses"]["Problem400BadRequest"];
            401: components["responses"]["Problem401Unauthenticated"];
            403: components["responses"]["Problem403Forbidden"];
            412: components["responses"]["Problem412Stale"];
            413: components["responses"]["Problem413ContentTooLarge"];
            415: components["responses"]["Problem415UnsupportedMediaType"];
            422: components["responses"]["Problem422Validation"];
            428: components["responses"]["Problem428PreconditionRequired"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    list_referrals: {
        parameters: {
            query?: {
                /** @description Only those that were `sent`, or `received`; both if left out. */
                direction?: string;
                /** @description Only those in this state. */
                state?: "draft" | "sent" | "received" | "information_requested" | "accepted" | "declined" | "redirected" | "waitlisted" | "scheduled" | "no_show" | "in_care" | "cancellation_requested" | "completed" | "discontinued" | "cancelled" | "expired" | "entered_in_error";
                /** @description Only those of which something is past due, or only those of which nothing is. */
                overdue?: boolean;
                /** @description How many items a page holds, 1 to 100; 25 if left out. */
                limit?: number;
                /** @description The `next_cursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "allowed": [
                     *             "cancel",
                     *             "enter_in_error"
                     *           ],
                     *           "awaits": "recipient",
                     *           "content": {
                     *             "condition": "Low back stiffness of six months, worse in the morning",
                     *             "notes": [],
                     *             "question": "Is a course of six visits worth trying?",
                     *             "reason": "Manual treatment before imaging is considered",
                     *             "requested_services": [
                     *               "Evaluation"
                     *             ],
                     *             "share_ids": []
                     *           },
                     *           "created_at": "2026-11-23T09:00:00Z",
                     *           "due_at": "2026-11-25T09:05:00Z",
                     *           "expires_at": "2026-12-23T09:05:00Z",
                     *           "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a24",
                     *           "kind": "referral",
                     *           "overdue": false,
                     *           "patient_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a12",
                     *           "recipient": {
                     *             "clinic_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a13",
                     *             "kind": "clinic",
                     *             "name": "South Family Practice"
                     *           },
                     *           "sender_clinic": {
                     *             "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a10",
                     *             "name": "North Massage Clinic"
                     *           },
                     *           "sent_at": "2026-11-23T09:05:00Z",
                     *           "sent_by": {
                     *             "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a11",
                     *             "name": "Robin Example",
                     *             "profession": "Massage therapist"
                     *           },
                     *           "state": "sent",
                     *           "urgency": "routine",
                     *           "version": 2
                     *         }
                     *       ],
                     *       "next_cursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["ReferralList"];
                };
            };
            401: components["responses"]["Problem401Unauthenticated"];
            403: components["responses"]["Problem403Forbidden"];
            422: components["responses"]["Problem422Validation"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    create_referral: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body bring the same answer. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "condition": "Low back stiffness of six months, worse in the morning",
                 *       "kind": "referral",
                 *       "patient_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a18",
                 *       "question": "Is a course of six visits worth trying?",
                 *       "reason": "Manual treatment before imaging is considered",
                 *       "recipient": {
                 *         "clinic_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a13"
                 *       },
                 *       "requested_services": [
                 *         "Evaluation",
                 *         "Massage therapy"
                 *       ],
                 *       "urgency": "routine"
                 *     }
                 */
                "application/json": components["schemas"]["NewReferral"];
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    Location: components["headers"]["Location"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "allowed": [
                     *         "cancel",
                     *         "enter_in_error"
                     *       ],
                     *       "awaits": "recipient",
                     *       "content": {
                     *         "condition": "Low back stiffness of six months, worse in the morning",
                     *         "notes": [],
                     *         "question": "Is a course of six visits worth trying?",
                     *         "reason": "Manual treatment before imaging is considered",
                     *         "requested_services": [
                     *           "Evaluation"
                     *         ],
                     *         "share_ids": []
                     *       },
                     *       "created_at": "2026-11-23T09:00:00Z",
                     *       "due_at": "2026-11-25T09:05:00Z",
                     *       "expires_at": "2026-12-23T09:05:00Z",
                     *       "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a24",
                     *       "kind": "referral",
                     *       "overdue": false,
                     *       "patient_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a12",
                     *       "recipient": {
                     *         "clinic_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a13",
                     *         "kind": "clinic",
                     *         "name": "South Family Practice"
                     *       },
                     *       "sender_clinic": {
                     *         "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a10",
                     *         "name": "North Massage Clinic"
                     *       },
                     *       "sent_at": "2026-11-23T09:05:00Z",
                     *       "sent_by": {
                     *         "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a11",
                     *         "name": "Robin Example",
                     *         "profession": "Massage therapist"
                     *       },
                     *       "state": "sent",
                     *       "urgency": "routine",
                     *       "version": 2
                     *     }
                     */
                    "application/json": components["schemas"]["Referral"];
                };
            };
            400: components["responses"]["Problem400BadRequest"];
            401: components["responses"]["Problem401Unauthenticated"];
            403: components["responses"]["Problem403Forbidden"];
            404: components["responses"]["Problem404NotFound"];
            409: components["responses"]["Problem409IdempotencyInProgress"];
            413: components["responses"]["Problem413ContentTooLarge"];
            415: components["responses"]["Problem415UnsupportedMediaType"];
            422: components["responses"]["Problem422ValidationOrIdempotencyKeyReused"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    get_referral: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The referral */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "allowed": [
                     *         "cancel",
                     *         "enter_in_error"
                     *       ],
                     *       "awaits": "recipient",
                     *       "content": {
                     *         "condition": "Low back stiffness of six months, worse in the morning",
                     *         "notes": [],
                     *         "question": "Is a course of six visits worth trying?",
                     *         "reason": "Manual treatment before imaging is considered",
                     *         "requested_services": [
                     *           "Evaluation"
                     *         ],
                     *         "share_ids": []
                     *       },
                     *       "created_at": "2026-11-23T09:00:00Z",
                     *       "due_at": "2026-11-25T09:05:00Z",
                     *       "expires_at": "2026-12-23T09:05:00Z",
                     *       "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a24",
                     *       "kind": "referral",
                     *       "overdue": false,
                     *       "patient_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a12",
                     *       "recipient": {
                     *         "clinic_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a13",
                     *         "kind": "clinic",
                     *         "name": "South Family Practice"
                     *       },
                     *       "sender_clinic": {
                     *         "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a10",
                     *         "name": "North Massage Clinic"
                     *       },
                     *       "sent_at": "2026-11-23T09:05:00Z",
                     *       "sent_by": {
                     *         "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a11",
                     *         "name": "Robin Example",
                     *         "profession": "Massage therapist"
                     *       },
                     *       "state": "sent",
                     *       "urgency": "routine",
                     *       "version": 2
                     *     }
                     */
                    "application/json": components["schemas"]["Referral"];
                };
            };
            401: components["responses"]["Problem401Unauthenticated"];
            403: components["responses"]["Problem403ForbiddenOrDenied"];
            404: components["responses"]["Problem404NotFound"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    list_referral_messages: {
        parameters: {
            query?: {
                /** @description How many items a page holds, 1 to 100; 25 if left out. */
                limit?: number;
                /** @description The `next_cursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description The referral */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "by": {
                     *             "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a13",
                     *             "name": "Ada Example",
                     *             "profession": "massage_therapist"
                     *           },
                     *           "clinic_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a12",
                     *           "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a21",
                     *           "read_at": null,
                     *           "read_by": null,
                     *           "text": "She can come on Tuesdays only. Would a morning do?",
                     *           "written_at": "2026-11-27T09:00:00Z"
                     *         }
                     *       ],
                     *       "next_cursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["ReferralMessageList"];
                };
            };
            401: components["responses"]["Problem401Unauthenticated"];
            403: components["responses"]["Problem403ForbiddenOrDenied"];
            404: components["responses"]["Problem404NotFound"];
            409: components["responses"]["Problem409IllegalTransition"];
            422: components["responses"]["Problem422Validation"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    write_referral_message: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body bring the same answer. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The referral */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "text": "She can come on Tuesdays only. Would a morning do?"
                 *     }
                 */
                "application/json": components["schemas"]["NewReferralMessage"];
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    Location: components["headers"]["Location"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "by": {
                     *         "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a13",
                     *         "name": "Ada Example",
                     *         "profession": "massage_therapist"
                     *       },
                     *       "clinic_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a12",
                     *       "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a21",
                     *       "read_at": null,
                     *       "read_by": null,
                     *       "text": "She can come on Tuesdays only. Would a morning do?",
                     *       "written_at": "2026-11-27T09:00:00Z"
                     *     }
                     */
                    "application/json": components["schemas"]["ReferralMessage"];
                };
            };
            400: components["responses"]["Problem400BadRequest"];
            401: components["responses"]["Problem401Unauthenticated"];
            403: components["responses"]["Problem403ForbiddenOrDenied"];
            404: components["responses"]["Problem404NotFound"];
            409: components["responses"]["Problem409IllegalTransitionOrIdempotencyInProgress"];
            413: components["responses"]["Problem413ContentTooLarge"];
            415: components["responses"]["Problem415UnsupportedMediaType"];
            422: components["responses"]["Problem422ValidationOrIdempotencyKeyReused"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    get_referral_timeline: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The referral */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "at": "2026-11-24T08:10:00Z",
                     *           "by": {
                     *             "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a14",
                     *             "name": "Jordan Sample",
                     *             "profession": "Family physician"
                     *           },
                     *           "clinic_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a13",
                     *           "from": "received",
                     *           "to": "accepted",
                     *           "verb": "accept"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["ReferralTimeline"];
                };
            };
            401: components["responses"]["Problem401Unauthenticated"];
            403: components["responses"]["Problem403Forbidden"];
            404: components["responses"]["Problem404NotFound"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    move_referral: {
        parameters: {
            query?: never;
            header: {
                /** @description Makes the request safe to repeat: the same key and body bring the same answer. */
                "Idempotency-Key"?: string;
                /** @description The ETag of the version that you read. */
                "If-Match": string;
            };
            path: {
                /** @description The referral */
                id: string;
                /** @description What to do */
                verb: components["schemas"]["ReferralVerb"];
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "note": "We could see the patient in three months at the earliest.",
                 *       "reason": "no_capacity"
                 *     }
                 */
                "application/json": components["schemas"]["ReferralMove"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "allowed": [
                     *         "cancel",
                     *         "enter_in_error"
                     *       ],
                     *       "awaits": "recipient",
                     *       "content": {
                     *         "condition": "Low back stiffness of six months, worse in the morning",
                     *         "notes": [],
                     *         "question": "Is a course of six visits worth trying?",
                     *         "reason": "Manual treatment before imaging is considered",
                     *         "requested_services": [
                     *           "Evaluation"
                     *         ],
                     *         "share_ids": []
                     *       },
                     *       "created_at": "2026-11-23T09:00:00Z",
                     *       "due_at": "2026-11-25T09:05:00Z",
                     *       "expires_at": "2026-12-23T09:05:00Z",
                     *       "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a24",
                     *       "kind": "referral",
                     *       "overdue": false,
                     *       "patient_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a12",
                     *       "recipient": {
                     *         "clinic_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a13",
                     *         "kind": "clinic",
                     *         "name": "South Family Practice"
                     *       },
                     *       "sender_clinic": {
                     *         "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a10",
                     *         "name": "North Massage Clinic"
                     *       },
                     *       "sent_at": "2026-11-23T09:05:00Z",
                     *       "sent_by": {
                     *         "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a11",
                     *         "name": "Robin Example",
                     *         "profession": "Massage therapist"
                     *       },
                     *       "state": "sent",
                     *       "urgency": "routine",
                     *       "version": 2
                     *     }
                     */
                    "application/json": components["schemas"]["Referral"];
                };
            };
            400: components["responses"]["Problem400BadRequest"];
            401: components["responses"]["Problem401Unauthenticated"];
            403: components["responses"]["Problem403ForbiddenOrDenied"];
            404: components["responses"]["Problem404NotFound"];
            409: components["responses"]["Problem409IllegalTransitionOrIdempotencyInProgress"];
            412: components["responses"]["Problem412Stale"];
            413: components["responses"]["Problem413ContentTooLarge"];
            415: components["responses"]["Problem415UnsupportedMediaType"];
            422: components["responses"]["Problem422ValidationOrIdempotencyKeyReused"];
            428: components["responses"]["Problem428PreconditionRequired"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    list_reports: {
        parameters: {
            query?: {
                /** @description Only this patient's. */
                patient_id?: string;
                /** @description Only those in this state: `draft` or `signed`. */
                state?: "draft" | "signed";
                /** @description How many items a page holds, 1 to 100; 25 if left out. */
                limit?: number;
                /** @description The `next_cursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "author_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a11",
                     *           "created_at": "2026-11-23T09:00:00Z",
                     *           "current_version": 1,
                     *           "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a20",
                     *           "kind": "progress_report",
                     *           "patient_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a12",
                     *           "signed_at": "2026-11-23T09:20:00Z",
                     *           "state": "signed",
                     *           "updated_at": "2026-11-23T09:20:00Z"
                     *         }
                     *       ],
                     *       "next_cursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["ReportList"];
                };
            };
            401: components["responses"]["Problem401Unauthenticated"];
            403: components["responses"]["Problem403Forbidden"];
            422: components["responses"]["Problem422Validation"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    create_report: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body bring the same answer. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "body": {
                 *         "goals": [
                 *           {
                 *             "goal": "Less morning stiffness",
                 *             "measure": "Stiffness intensity (VAS)"
                 *           }
                 *         ],
                 *         "measures": [
                 *           {
                 *             "baseline": 5,
                 *             "current": 0.75,
                 *             "higher_is_better": false,
                 *             "name": "Stiffness intensity (VAS)",
                 *             "unit": "0-10"
                 *           }
                 *         ],
                 *         "schedule": {
                 *           "duration": "28 days",
                 *           "frequency": "Twice a week",
                 *           "visits_attended": 7
                 *         },
                 *         "treatment": {
                 *           "what": "Swedish massage",
                 *           "why": "Chosen for stiffness"
                 *         }
                 *       },
                 *       "kind": "progress_report",
                 *       "patient_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a12"
                 *     }
                 */
                "application/json": components["schemas"]["NewReport"];
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    Location: components["headers"]["Location"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "author": {
                     *         "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a11",
                     *         "name": "Robin Example",
                     *         "profession": "Massage therapist"
                     *       },
                     *       "body": {
                     *         "condition": "Chronic low-back pain",
                     *         "follow_up": "Monthly maintenance",
                     *         "goals": [
                     *           {
                     *             "anticipated_outcome": "Rides his bicycle again",
                     *             "goal": "Walk further with less pain",
                     *             "measure": "Oswestry sections improved"
                     *           }
                     *         ],
                     *         "measures": [
                     *           {
                     *             "baseline": 0,
                     *             "current": 9,
                     *             "higher_is_better": true,
                     *             "name": "Oswestry sections improved",
                     *             "unit": "of 10 sections"
                     *           }
                     *         ],
                     *         "schedule": {
                     *           "duration": "6 weeks",
                     *           "frequency": "Once a week",
                     *           "visits_attended": 4,
                     *           "visits_planned": 6
                     *         },
                     *         "treatment": {
                     *           "what": "Swedish strokes, muscle stripping and myofascial release to the lumbar region",
                     *           "why": "Chosen for chronic low-back pain"
                     *         }
                     *       },
                     *       "created_at": "2026-11-23T09:00:00Z",
                     *       "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a20",
                     *       "kind": "progress_report",
                     *       "patient_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a12",
                     *       "sensitive_categories": [],
                     *       "state": "draft",
                     *       "updated_at": "2026-11-23T09:00:00Z",
                     *       "version": 1
                     *     }
                     */
                    "application/json": components["schemas"]["Report"];
                };
            };
            400: components["responses"]["Problem400BadRequest"];
            401: components["responses"]["Problem401Unauthenticated"];
            403: components["responses"]["Problem403Forbidden"];
            404: components["responses"]["Problem404NotFound"];
            409: components["responses"]["Problem409IdempotencyInProgress"];
            413: components["responses"]["Problem413ContentTooLarge"];
            415: components["responses"]["Problem415UnsupportedMediaType"];
            422: components["responses"]["Problem422ValidationOrIdempotencyKeyReused"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    get_report: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The report */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "author": {
                     *         "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a11",
                     *         "name": "Robin Example",
                     *         "profession": "Massage therapist"
                     *       },
                     *       "body": {
                     *         "condition": "Chronic low-back pain",
                     *         "follow_up": "Monthly maintenance",
                     *         "goals": [
                     *           {
                     *             "anticipated_outcome": "Rides his bicycle again",
                     *             "goal": "Walk further with less pain",
                     *             "measure": "Oswestry sections improved"
                     *           }
                     *         ],
                     *         "measures": [
                     *           {
                     *             "baseline": 0,
                     *             "current": 9,
                     *             "higher_is_better": true,
                     *             "name": "Oswestry sections improved",
                     *             "unit": "of 10 sections"
                     *           }
                     *         ],
                     *         "schedule": {
                     *           "duration": "6 weeks",
                     *           "frequency": "Once a week",
                     *           "visits_attended": 4,
                     *           "visits_planned": 6
                     *         },
                     *         "treatment": {
                     *           "what": "Swedish strokes, muscle stripping and myofascial release to the lumbar region",
                     *           "why": "Chosen for chronic low-back pain"
                     *         }
                     *       },
                     *       "created_at": "2026-11-23T09:00:00Z",
                     *       "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a20",
                     *       "kind": "progress_report",
                     *       "patient_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a12",
                     *       "sensitive_categories": [],
                     *       "state": "draft",
                     *       "updated_at": "2026-11-23T09:00:00Z",
                     *       "version": 1
                     *     }
                     */
                    "application/json": components["schemas"]["Report"];
                };
            };
            401: components["responses"]["Problem401Unauthenticated"];
            403: components["responses"]["Problem403Forbidden"];
            404: components["responses"]["Problem404NotFound"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    update_report: {
        parameters: {
            query?: never;
            header: {
                /** @description The ETag of the version that you read. */
                "If-Match": string;
            };
            path: {
                /** @description The report */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "body": {
                 *         "treatment": {
                 *           "what": "Swedish massage",
                 *           "why": "Chosen for stiffness"
                 *         }
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["ReportPatch"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "author": {
                     *         "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a11",
                     *         "name": "Robin Example",
                     *         "profession": "Massage therapist"
                     *       },
                     *       "body": {
                     *         "condition": "Chronic low-back pain",
                     *         "follow_up": "Monthly maintenance",
                     *         "goals": [
                     *           {
                     *             "anticipated_outcome": "Rides his bicycle again",
                     *             "goal": "Walk further with less pain",
                     *             "measure": "Oswestry sections improved"
                     *           }
                     *         ],
                     *         "measures": [
                     *           {
                     *             "baseline": 0,
                     *             "current": 9,
                     *             "higher_is_better": true,
                     *             "name": "Oswestry sections improved",
                     *             "unit": "of 10 sections"
                     *           }
                     *         ],
                     *         "schedule": {
                     *           "duration": "6 weeks",
                     *           "frequency": "Once a week",
                     *           "visits_attended": 4,
                     *           "visits_planned": 6
                     *         },
                     *         "treatment": {
                     *           "what": "Swedish strokes, muscle stripping and myofascial release to the lumbar region",
                     *           "why": "Chosen for chronic low-back pain"
                     *         }
                     *       },
                     *       "created_at": "2026-11-23T09:00:00Z",
                     *       "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a20",
                     *       "kind": "progress_report",
                     *       "patient_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a12",
                     *       "sensitive_categories": [],
                     *       "state": "draft",
                     *       "updated_at": "2026-11-23T09:00:00Z",
                     *       "version": 1
                     *     }
                     */
                    "application/json": components["schemas"]["Report"];
                };
            };
            400: components["responses"]["Problem400BadRequest"];
            401: components["responses"]["Problem401Unauthenticated"];
            403: components["responses"]["Problem403Forbidden"];
            404: components["responses"]["Problem404NotFound"];
            409: components["responses"]["Problem409IllegalTransition"];
            412: components["responses"]["Problem412Stale"];
            413: components["responses"]["Problem413ContentTooLarge"];
            415: components["responses"]["Problem415UnsupportedMediaType"];
            422: components["responses"]["Problem422Validation"];
            428: components["responses"]["Problem428PreconditionRequired"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    amend_report: {
        parameters: {
            query?: never;
            header: {
                /** @description Makes the request safe to repeat: the same key and body bring the same answer. */
                "Idempotency-Key"?: string;
                /** @description The ETag of the version that you read. */
                "If-Match": string;
            };
            path: {
                /** @description The report */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "body": {
                 *         "goals": [
                 *           {
                 *             "goal": "Bend forward further",
                 *             "measure": "Finger-to-floor distance, forward"
                 *           }
                 *         ],
                 *         "measures": [
                 *           {
                 *             "baseline": 6,
                 *             "current": 4,
                 *             "higher_is_better": false,
                 *             "name": "Finger-to-floor distance, forward",
                 *             "unit": "in"
                 *           }
                 *         ],
                 *         "schedule": {
                 *           "duration": "28 days",
                 *           "frequency": "Twice a week",
                 *           "visits_attended": 7
                 *         },
                 *         "treatment": {
                 *           "what": "Swedish massage",
                 *           "why": "Chosen for stiffness"
                 *         }
                 *       },
                 *       "reason": "Corrected the finger-to-floor distance"
                 *     }
                 */
                "application/json": components["schemas"]["AmendReport"];
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    Location: components["headers"]["Location"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "author": {
                     *         "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a11",
                     *         "name": "Robin Example",
                     *         "profession": "Massage therapist"
                     *       },
                     *       "body": {
                     *         "condition": "Chronic low-back pain",
                     *         "follow_up": "Monthly maintenance",
                     *         "goals": [
                     *           {
                     *             "anticipated_outcome": "Rides his bicycle again",
                     *             "goal": "Walk further with less pain",
                     *             "measure": "Oswestry sections improved"
                     *           }
                     *         ],
                     *         "measures": [
                     *           {
                     *             "baseline": 0,
                     *             "current": 9,
                     *             "higher_is_better": true,
                     *             "name": "Oswestry sections improved",
                     *             "unit": "of 10 sections"
                     *           }
                     *         ],
                     *         "schedule": {
                     *           "duration": "6 weeks",
                     *           "frequency": "Once a week",
                     *           "visits_attended": 4,
                     *           "visits_planned": 6
                     *         },
                     *         "treatment": {
                     *           "what": "Swedish strokes, muscle stripping and myofascial release to the lumbar region",
                     *           "why": "Chosen for chronic low-back pain"
                     *         }
                     *       },
                     *       "created_at": "2026-11-23T09:00:00Z",
                     *       "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a20",
                     *       "kind": "progress_report",
                     *       "patient_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a12",
                     *       "sensitive_categories": [],
                     *       "state": "draft",
                     *       "updated_at": "2026-11-23T09:00:00Z",
                     *       "version": 1
                     *     }
                     */
                    "application/json": components["schemas"]["Report"];
                };
            };
            400: components["responses"]["Problem400BadRequest"];
            401: components["responses"]["Problem401Unauthenticated"];
            403: components["responses"]["Problem403Forbidden"];
            404: components["responses"]["Problem404NotFound"];
            409: components["responses"]["Problem409IllegalTransitionOrIdempotencyInProgress"];
            412: components["responses"]["Problem412Stale"];
            413: components["responses"]["Problem413ContentTooLarge"];
            415: components["responses"]["Problem415UnsupportedMediaType"];
            422: components["responses"]["Problem422ValidationOrReportIncompleteOrIdempotencyKeyReused"];
            428: components["responses"]["Problem428PreconditionRequired"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    list_attachments: {
        parameters: {
            query?: {
                /** @description How many items a page holds, 1 to 100; 25 if left out. */
                limit?: number;
                /** @description The `next_cursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description The report */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "added_at": "2026-11-23T09:00:00Z",
                     *           "added_by": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a11",
                     *           "file_name": "range-of-motion.pdf",
                     *           "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a31",
                     *           "media_type": "application/pdf",
                     *           "report_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a20",
                     *           "sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                     *           "size": 48213,
                     *           "versions": [
                     *             1
                     *           ]
                     *         }
                     *       ],
                     *       "next_cursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["AttachmentList"];
                };
            };
            401: components["responses"]["Problem401Unauthenticated"];
            403: components["responses"]["Problem403Forbidden"];
            404: components["responses"]["Problem404NotFound"];
            422: components["responses"]["Problem422Validation"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    add_attachment: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body bring the same answer. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The report */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "content": "Rm9yd2FyZCA0IGluCg==",
                 *       "file_name": "Range of motion.txt",
                 *       "media_type": "text/plain"
                 *     }
                 */
                "application/json": components["schemas"]["NewAttachment"];
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    Location: components["headers"]["Location"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "added_at": "2026-11-23T09:00:00Z",
                     *       "added_by": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a11",
                     *       "file_name": "range-of-motion.pdf",
                     *       "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a31",
                     *       "media_type": "application/pdf",
                     *       "report_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a20",
                     *       "sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                     *       "size": 48213,
                     *       "versions": [
                     *         1
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Attachment"];
                };
            };
            400: components["responses"]["Problem400BadRequest"];
            401: components["responses"]["Problem401Unauthenticated"];
            403: components["responses"]["Problem403Forbidden"];
            404: components["responses"]["Problem404NotFound"];
            409: components["responses"]["Problem409IdempotencyInProgress"];
            413: components["responses"]["Problem413ContentTooLargeOrQuotaExceeded"];
            415: components["responses"]["Problem415UnsupportedMediaType"];
            422: components["responses"]["Problem422ValidationOrIdempotencyKeyReused"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    get_report_document: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The report */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            401: components["responses"]["Problem401Unauthenticated"];
            403: components["responses"]["Problem403Forbidden"];
            404: components["responses"]["Problem404NotFound"];
            406: components["responses"]["Problem406NotAcceptable"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    list_report_shares: {
        parameters: {
            query?: {
                /** @description How many items a page holds, 1 to 100; 25 if left out. */
                limit?: number;
                /** @description The `next_cursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description The report */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "delivered_at": "2026-11-23T09:30:00Z",
                     *           "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a21",
                     *           "kind": "progress_report",
                     *           "purpose": "treatment",
                     *           "recipient": {
                     *             "clinic_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a13",
                     *             "kind": "clinic",
                     *             "name": "South Family Practice"
                     *           },
                     *           "report_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a20",
                     *           "report_version": 1,
                     *           "sections": [
                     *             "treatment",
                     *             "schedule",
                     *             "goals",
                     *             "measures"
                     *           ],
                     *           "sender_clinic": {
                     *             "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a10",
                     *             "name": "North Massage Clinic"
                     *           },
                     *           "sent_by": {
                     *             "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a11",
                     *             "name": "Robin Example",
                     *             "profession": "Massage therapist"
                     *           },
                     *           "state": "delivered",
                     *           "version": 1
                     *         }
                     *       ],
                     *       "next_cursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["ShareList"];
                };
            };
            401: components["responses"]["Problem401Unauthenticated"];
            403: components["responses"]["Problem403Forbidden"];
            404: components["responses"]["Problem404NotFound"];
            422: components["responses"]["Problem422Validation"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    share_report: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body bring the same answer. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The report */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "cover_letter": "Thank you for looking at how our shared patient is doing.",
                 *       "purpose": "treatment",
                 *       "recipient": {
                 *         "clinic_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a13"
                 *       },
                 *       "sections": [
                 *         "treatment",
                 *         "schedule",
                 *         "goals",
                 *         "measures",
                 *         "follow_up"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["NewShare"];
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    Location: components["headers"]["Location"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "delivered_at": "2026-11-23T09:30:00Z",
                     *       "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a21",
                     *       "kind": "progress_report",
                     *       "purpose": "treatment",
                     *       "recipient": {
                     *         "clinic_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a13",
                     *         "kind": "clinic",
                     *         "name": "South Family Practice"
                     *       },
                     *       "report_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a20",
                     *       "report_version": 1,
                     *       "sections": [
                     *         "treatment",
                     *         "schedule",
                     *         "goals",
                     *         "measures"
                     *       ],
                     *       "sender_clinic": {
                     *         "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a10",
                     *         "name": "North Massage Clinic"
                     *       },
                     *       "sent_by": {
                     *         "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a11",
                     *         "name": "Robin Example",
                     *         "profession": "Massage therapist"
                     *       },
                     *       "state": "delivered",
                     *       "version": 1
                     *     }
                     */
                    "application/json": components["schemas"]["Share"];
                };
            };
            400: components["responses"]["Problem400BadRequest"];
            401: components["responses"]["Problem401Unauthenticated"];
            403: components["responses"]["Problem403ForbiddenOrDenied"];
            404: components["responses"]["Problem404NotFound"];
            409: components["responses"]["Problem409IllegalTransitionOrIdempotencyInProgress"];
            413: components["responses"]["Problem413ContentTooLarge"];
            415: components["responses"]["Problem415UnsupportedMediaType"];
            422: components["responses"]["Problem422ValidationOrIdempotencyKeyReused"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    sign_report: {
        parameters: {
            query?: never;
            header: {
                /** @description Makes the request safe to repeat: the same key and body bring the same answer. */
                "Idempotency-Key"?: string;
                /** @description The ETag of the version that you read. */
                "If-Match": string;
            };
            path: {
                /** @description The report */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "author": {
                     *         "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a11",
                     *         "name": "Robin Example",
                     *         "profession": "Massage therapist"
                     *       },
                     *       "body": {
                     *         "condition": "Chronic low-back pain",
                     *         "follow_up": "Monthly maintenance",
                     *         "goals": [
                     *           {
                     *             "anticipated_outcome": "Rides his bicycle again",
                     *             "goal": "Walk further with less pain",
                     *             "measure": "Oswestry sections improved"
                     *           }
                     *         ],
                     *         "measures": [
                     *           {
                     *             "baseline": 0,
                     *             "current": 9,
                     *             "higher_is_better": true,
                     *             "name": "Oswestry sections improved",
                     *             "unit": "of 10 sections"
                     *           }
                     *         ],
                     *         "schedule": {
                     *           "duration": "6 weeks",
                     *           "frequency": "Once a week",
                     *           "visits_attended": 4,
                     *           "visits_planned": 6
                     *         },
                     *         "treatment": {
                     *           "what": "Swedish strokes, muscle stripping and myofascial release to the lumbar region",
                     *           "why": "Chosen for chronic low-back pain"
                     *         }
                     *       },
                     *       "created_at": "2026-11-23T09:00:00Z",
                     *       "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a20",
                     *       "kind": "progress_report",
                     *       "patient_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a12",
                     *       "sensitive_categories": [],
                     *       "state": "draft",
                     *       "updated_at": "2026-11-23T09:00:00Z",
                     *       "version": 1
                     *     }
                     */
                    "application/json": components["schemas"]["Report"];
                };
            };
            400: components["responses"]["Problem400BadRequest"];
            401: components["responses"]["Problem401Unauthenticated"];
            403: components["responses"]["Problem403Forbidden"];
            404: components["responses"]["Problem404NotFound"];
            409: components["responses"]["Problem409IllegalTransitionOrIdempotencyInProgress"];
            412: components["responses"]["Problem412Stale"];
            413: components["responses"]["Problem413ContentTooLarge"];
            415: components["responses"]["Problem415UnsupportedMediaType"];
            422: components["responses"]["Problem422ValidationOrReportIncompleteOrIdempotencyKeyReused"];
            428: components["responses"]["Problem428PreconditionRequired"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    list_report_versions: {
        parameters: {
            query?: {
                /** @description How many items a page holds, 1 to 100; 25 if left out. */
                limit?: number;
                /** @description The `next_cursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description The report */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "content_hash": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                     *           "number": 1,
                     *           "signed_at": "2026-11-23T09:20:00Z",
                     *           "signed_by": {
                     *             "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a11",
                     *             "name": "Robin Example",
                     *             "profession": "Massage therapist"
                     *           }
                     *         }
                     *       ],
                     *       "next_cursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["ReportVersionList"];
                };
            };
            401: components["responses"]["Problem401Unauthenticated"];
            403: components["responses"]["Problem403Forbidden"];
            404: components["responses"]["Problem404NotFound"];
            422: components["responses"]["Problem422Validation"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    get_report_version: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The report */
                id: string;
                /** @description The version's number */
                number: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "body": {
                     *         "condition": "Chronic low-back pain",
                     *         "follow_up": "Monthly maintenance",
                     *         "goals": [
                     *           {
                     *             "anticipated_outcome": "Rides his bicycle again",
                     *             "goal": "Walk further with less pain",
                     *             "measure": "Oswestry sections improved"
                     *           }
                     *         ],
                     *         "measures": [
                     *           {
                     *             "baseline": 0,
                     *             "current": 9,
                     *             "higher_is_better": true,
                     *             "name": "Oswestry sections improved",
                     *             "unit": "of 10 sections"
                     *           }
                     *         ],
                     *         "schedule": {
                     *           "duration": "6 weeks",
                     *           "frequency": "Once a week",
                     *           "visits_attended": 4,
                     *           "visits_planned": 6
                     *         },
                     *         "treatment": {
                     *           "what": "Swedish strokes, muscle stripping and myofascial release to the lumbar region",
                     *           "why": "Chosen for chronic low-back pain"
                     *         }
                     *       },
                     *       "content_hash": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                     *       "kind": "progress_report",
                     *       "number": 1,
                     *       "report_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a20",
                     *       "sensitive_categories": [],
                     *       "signed_at": "2026-11-23T09:20:00Z",
                     *       "signed_by": {
                     *         "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a11",
                     *         "name": "Robin Example",
                     *         "profession": "Massage therapist"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["ReportVersion"];
                };
            };
            401: components["responses"]["Problem401Unauthenticated"];
            403: components["responses"]["Problem403Forbidden"];
            404: components["responses"]["Problem404NotFound"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    get_linked_share: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The link */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "delivered_at": "2026-11-23T09:30:00Z",
                     *       "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a21",
                     *       "kind": "progress_report",
                     *       "purpose": "treatment",
                     *       "recipient": {
                     *         "clinic_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a13",
                     *         "kind": "clinic",
                     *         "name": "South Family Practice"
                     *       },
                     *       "report_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a20",
                     *       "report_version": 1,
                     *       "sections": [
                     *         "treatment",
                     *         "schedule",
                     *         "goals",
                     *         "measures"
                     *       ],
                     *       "sender_clinic": {
                     *         "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a10",
                     *         "name": "North Massage Clinic"
                     *       },
                     *       "sent_by": {
                     *         "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a11",
                     *         "name": "Robin Example",
                     *         "profession": "Massage therapist"
                     *       },
                     *       "state": "delivered",
                     *       "version": 1
                     *     }
                     */
                    "application/json": components["schemas"]["Share"];
                };
            };
            401: components["responses"]["Problem401Unauthenticated"];
            403: components["responses"]["Problem403ForbiddenOrDeniedOrShareWithdrawn"];
            404: components["responses"]["Problem404NotFound"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    acknowledge_linked_share: {
        parameters: {
            query?: never;
            header: {
                /** @description Makes the request safe to repeat: the same key and body bring the same answer. */
                "Idempotency-Key"?: string;
                /** @description The session's csrf_token. */
                "X-CSRF-Token": string;
            };
            path: {
                /** @description The link */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "delivered_at": "2026-11-23T09:30:00Z",
                     *       "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a21",
                     *       "kind": "progress_report",
                     *       "purpose": "treatment",
                     *       "recipient": {
                     *         "clinic_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a13",
                     *         "kind": "clinic",
                     *         "name": "South Family Practice"
                     *       },
                     *       "report_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a20",
                     *       "report_version": 1,
                     *       "sections": [
                     *         "treatment",
                     *         "schedule",
                     *         "goals",
                     *         "measures"
                     *       ],
                     *       "sender_clinic": {
                     *         "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a10",
                     *         "name": "North Massage Clinic"
                     *       },
                     *       "sent_by": {
                     *         "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a11",
                     *         "name": "Robin Example",
                     *         "profession": "Massage therapist"
                     *       },
                     *       "state": "delivered",
                     *       "version": 1
                     *     }
                     */
                    "application/json": components["schemas"]["Share"];
                };
            };
            400: components["responses"]["Problem400BadRequest"];
            401: components["responses"]["Problem401Unauthenticated"];
            403: components["responses"]["Problem403ForbiddenOrDeniedOrShareWithdrawn"];
            404: components["responses"]["Problem404NotFound"];
            409: components["responses"]["Problem409IllegalTransitionOrIdempotencyInProgress"];
            413: components["responses"]["Problem413ContentTooLarge"];
            415: components["responses"]["Problem415UnsupportedMediaType"];
            422: components["responses"]["Problem422ValidationOrIdempotencyKeyReused"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    get_linked_attachment: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The link */
                id: string;
                /** @description The file */
                attachment_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The bytes, under the media type of the file. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/pdf": string;
                    "image/jpeg": string;
                    "image/png": string;
                    "text/plain": string;
                };
            };
            401: components["responses"]["Problem401Unauthenticated"];
            403: components["responses"]["Problem403ForbiddenOrDeniedOrShareWithdrawn"];
            404: components["responses"]["Problem404NotFound"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    challenge_share_link: {
        parameters: {
            query?: never;
            header?: {
                /** @description Taken and without effect: this answer is never stored. The request is safe to repeat by its own rules. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The link */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "secret": "Q1v0b8m6v4pW1b3tXh0m2n5r7y9u1w3e5t7i9o1p3a5"
                 *     }
                 */
                "application/json": components["schemas"]["ShareLinkSecret"];
            };
        };
        responses: {
            /** @description Accepted. */
            202: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "expires_in": 600,
                     *       "sent_to": "c…@patients.example.org"
                     *     }
                     */
                    "application/json": components["schemas"]["LinkCodeSent"];
                };
            };
            400: components["responses"]["Problem400BadRequest"];
            403: components["responses"]["Problem403Forbidden"];
            404: components["responses"]["Problem404NotFound"];
            413: components["responses"]["Problem413ContentTooLarge"];
            415: components["responses"]["Problem415UnsupportedMediaType"];
            422: components["responses"]["Problem422Validation"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    report_misdirected_share: {
        parameters: {
            query?: never;
            header?: {
                /** @description Taken and without effect: this answer is never stored. The request is safe to repeat by its own rules. */
                "Idempotency-Key"?: string;
                /** @description The session's csrf_token. */
                "X-CSRF-Token"?: string;
            };
            path: {
                /** @description The link */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "secret": "Q1v0b8m6v4pW1b3tXh0m2n5r7y9u1w3e5t7i9o1p3a5"
                 *     }
                 */
                "application/json": components["schemas"]["ReportMisdirected"];
            };
        };
        responses: {
            /** @description Done; there is no body. */
            204: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400BadRequest"];
            401: components["responses"]["Problem401Unauthenticated"];
            403: components["responses"]["Problem403Forbidden"];
            404: components["responses"]["Problem404NotFound"];
            413: components["responses"]["Problem413ContentTooLarge"];
            415: components["responses"]["Problem415UnsupportedMediaType"];
            422: components["responses"]["Problem422Validation"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    renew_share_link: {
        parameters: {
            query?: never;
            header?: {
                /** @description Taken and without effect: this answer is never stored. The request is safe to repeat by its own rules. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The link */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "secret": "Q1v0b8m6v4pW1b3tXh0m2n5r7y9u1w3e5t7i9o1p3a5"
                 *     }
                 */
                "application/json": components["schemas"]["ShareLinkSecret"];
            };
        };
        responses: {
            /** @description Accepted. */
            202: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "expires_at": "2026-11-30T09:00:00Z",
                     *       "sent_to": "k…@guest.example.org"
                     *     }
                     */
                    "application/json": components["schemas"]["ShareLinkRenewed"];
                };
            };
            400: components["responses"]["Problem400BadRequest"];
            403: components["responses"]["Problem403Forbidden"];
            404: components["responses"]["Problem404NotFound"];
            413: components["responses"]["Problem413ContentTooLarge"];
            415: components["responses"]["Problem415UnsupportedMediaType"];
            422: components["responses"]["Problem422Validation"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    open_share_link_session: {
        parameters: {
            query?: never;
            header?: {
                /** @description Taken and without effect: this answer is never stored. The request is safe to repeat by its own rules. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The link */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "code": "123456",
                 *       "secret": "Q1v0b8m6v4pW1b3tXh0m2n5r7y9u1w3e5t7i9o1p3a5"
                 *     }
                 */
                "application/json": components["schemas"]["OpenShareLinkSession"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    /** @description HttpOnly, for this link alone */
                    "Set-Cookie"?: string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "csrf_token": "u6mL0pHkqDqg0lC0JqvN1w",
                     *       "expires_in": 1800
                     *     }
                     */
                    "application/json": components["schemas"]["LinkSession"];
                };
            };
            400: components["responses"]["Problem400BadRequest"];
            401: components["responses"]["Problem401VerificationFailed"];
            403: components["responses"]["Problem403Forbidden"];
            404: components["responses"]["Problem404NotFound"];
            413: components["responses"]["Problem413ContentTooLarge"];
            415: components["responses"]["Problem415UnsupportedMediaType"];
            422: components["responses"]["Problem422Validation"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    get_share: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The share */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "delivered_at": "2026-11-23T09:30:00Z",
                     *       "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a21",
                     *       "kind": "progress_report",
                     *       "purpose": "treatment",
                     *       "recipient": {
                     *         "clinic_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a13",
                     *         "kind": "clinic",
                     *         "name": "South Family Practice"
                     *       },
                     *       "report_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a20",
                     *       "report_version": 1,
                     *       "sections": [
                     *         "treatment",
                     *         "schedule",
                     *         "goals",
                     *         "measures"
                     *       ],
                     *       "sender_clinic": {
                     *         "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a10",
                     *         "name": "North Massage Clinic"
                     *       },
                     *       "sent_by": {
                     *         "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a11",
                     *         "name": "Robin Example",
                     *         "profession": "Massage therapist"
                     *       },
                     *       "state": "delivered",
                     *       "version": 1
                     *     }
                     */
                    "application/json": components["schemas"]["Share"];
                };
            };
            401: components["responses"]["Problem401Unauthenticated"];
            403: components["responses"]["Problem403ForbiddenOrDeniedOrShareWithdrawn"];
            404: components["responses"]["Problem404NotFound"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    withdraw_share: {
        parameters: {
            query?: never;
            header: {
                /** @description The ETag of the version that you read. */
                "If-Match": string;
            };
            path: {
                /** @description The share */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; there is no body. */
            204: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem401Unauthenticated"];
            403: components["responses"]["Problem403Forbidden"];
            404: components["responses"]["Problem404NotFound"];
            409: components["responses"]["Problem409IllegalTransition"];
            412: components["responses"]["Problem412Stale"];
            428: components["responses"]["Problem428PreconditionRequired"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    acknowledge_share: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body bring the same answer. */
                "Idempotency-Key"?: string;
                /** @description The ETag of the version that you read, if the change is to depend on it. */
                "If-Match"?: string;
            };
            path: {
                /** @description The share */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "delivered_at": "2026-11-23T09:30:00Z",
                     *       "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a21",
                     *       "kind": "progress_report",
                     *       "purpose": "treatment",
                     *       "recipient": {
                     *         "clinic_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a13",
                     *         "kind": "clinic",
                     *         "name": "South Family Practice"
                     *       },
                     *       "report_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a20",
                     *       "report_version": 1,
                     *       "sections": [
                     *         "treatment",
                     *         "schedule",
                     *         "goals",
                     *         "measures"
                     *       ],
                     *       "sender_clinic": {
                     *         "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a10",
                     *         "name": "North Massage Clinic"
                     *       },
                     *       "sent_by": {
                     *         "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a11",
                     *         "name": "Robin Example",
                     *         "profession": "Massage therapist"
                     *       },
                     *       "state": "delivered",
                     *       "version": 1
                     *     }
                     */
                    "application/json": components["schemas"]["Share"];
                };
            };
            400: components["responses"]["Problem400BadRequest"];
            401: components["responses"]["Problem401Unauthenticated"];
            403: components["responses"]["Problem403ForbiddenOrDeniedOrShareWithdrawn"];
            404: components["responses"]["Problem404NotFound"];
            409: components["responses"]["Problem409IllegalTransitionOrIdempotencyInProgress"];
            412: components["responses"]["Problem412Stale"];
            413: components["responses"]["Problem413ContentTooLarge"];
            415: components["responses"]["Problem415UnsupportedMediaType"];
            422: components["responses"]["Problem422ValidationOrIdempotencyKeyReused"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    get_shared_attachment: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The share */
                id: string;
                /** @description The file */
                attachment_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The bytes, under the media type of the file. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/pdf": string;
                    "image/jpeg": string;
                    "image/png": string;
                    "text/plain": string;
                };
            };
            401: components["responses"]["Problem401Unauthenticated"];
            403: components["responses"]["Problem403ForbiddenOrDeniedOrShareWithdrawn"];
            404: components["responses"]["Problem404NotFound"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    list_webhooks: {
        parameters: {
            query?: {
                /** @description How many items a page holds, 1 to 100; 25 if left out. */
                limit?: number;
                /** @description The `next_cursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "authorised_by": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a11",
                     *           "created_at": "2026-11-23T09:00:00Z",
                     *           "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a40",
                     *           "secrets": [
                     *             {
                     *               "created_at": "2026-11-23T09:00:00Z",
                     *               "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a41",
                     *               "public_key": "whpk_MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE="
                     *             }
                     *           ],
                     *           "state": "pending",
                     *           "types": [
                     *             "share.delivered",
                     *             "consent.revoked"
                     *           ],
                     *           "updated_at": "2026-11-23T09:00:00Z",
                     *           "url": "https://software.example.org/rapport",
                     *           "version": 1
                     *         }
                     *       ],
                     *       "next_cursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["WebhookList"];
                };
            };
            401: components["responses"]["Problem401Unauthenticated"];
            403: components["responses"]["Problem403Forbidden"];
            422: components["responses"]["Problem422Validation"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    create_webhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body bring the same answer. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "types": [
                 *         "share.delivered",
                 *         "consent.revoked"
                 *       ],
                 *       "url": "https://software.example.org/rapport"
                 *     }
                 */
                "application/json": components["schemas"]["NewWebhook"];
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    Location: components["headers"]["Location"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "secret": {
                     *         "created_at": "2026-11-23T09:30:00Z",
                     *         "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a14",
                     *         "public_key": "whpk_11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=",
                     *         "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo="
                     *       },
                     *       "webhook": {
                     *         "authorised_by": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a11",
                     *         "created_at": "2026-11-23T09:00:00Z",
                     *         "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a40",
                     *         "secrets": [
                     *           {
                     *             "created_at": "2026-11-23T09:00:00Z",
                     *             "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a41",
                     *             "public_key": "whpk_MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE="
                     *           }
                     *         ],
                     *         "state": "pending",
                     *         "types": [
                     *           "share.delivered",
                     *           "consent.revoked"
                     *         ],
                     *         "updated_at": "2026-11-23T09:00:00Z",
                     *         "url": "https://software.example.org/rapport",
                     *         "version": 1
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["MadeWebhook"];
                };
            };
            400: components["responses"]["Problem400BadRequest"];
            401: components["responses"]["Problem401Unauthenticated"];
            403: components["responses"]["Problem403Forbidden"];
            409: components["responses"]["Problem409IllegalTransitionOrIdempotencyInProgress"];
            413: components["responses"]["Problem413ContentTooLarge"];
            415: components["responses"]["Problem415UnsupportedMediaType"];
            422: components["responses"]["Problem422ValidationOrIdempotencyKeyReused"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    get_webhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The webhook */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "authorised_by": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a11",
                     *       "created_at": "2026-11-23T09:00:00Z",
                     *       "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a40",
                     *       "secrets": [
                     *         {
                     *           "created_at": "2026-11-23T09:00:00Z",
                     *           "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a41",
                     *           "public_key": "whpk_MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE="
                     *         }
                     *       ],
                     *       "state": "pending",
                     *       "types": [
                     *         "share.delivered",
                     *         "consent.revoked"
                     *       ],
                     *       "updated_at": "2026-11-23T09:00:00Z",
                     *       "url": "https://software.example.org/rapport",
                     *       "version": 1
                     *     }
                     */
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            401: components["responses"]["Problem401Unauthenticated"];
            403: components["responses"]["Problem403Forbidden"];
            404: components["responses"]["Problem404NotFound"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    end_webhook: {
        parameters: {
            query?: never;
            header: {
                /** @description The ETag of the version that you read. */
                "If-Match": string;
            };
            path: {
                /** @description The webhook */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; there is no body. */
            204: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem401Unauthenticated"];
            403: components["responses"]["Problem403Forbidden"];
            404: components["responses"]["Problem404NotFound"];
            409: components["responses"]["Problem409IllegalTransition"];
            412: components["responses"]["Problem412Stale"];
            428: components["responses"]["Problem428PreconditionRequired"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    update_webhook: {
        parameters: {
            query?: never;
            header: {
                /** @description The ETag of the version that you read. */
                "If-Match": string;
            };
            path: {
                /** @description The webhook */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "types": [
                 *         "share.delivered"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["WebhookPatch"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "authorised_by": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a11",
                     *       "created_at": "2026-11-23T09:00:00Z",
                     *       "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a40",
                     *       "secrets": [
                     *         {
                     *           "created_at": "2026-11-23T09:00:00Z",
                     *           "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a41",
                     *           "public_key": "whpk_MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE="
                     *         }
                     *       ],
                     *       "state": "pending",
                     *       "types": [
                     *         "share.delivered",
                     *         "consent.revoked"
                     *       ],
                     *       "updated_at": "2026-11-23T09:00:00Z",
                     *       "url": "https://software.example.org/rapport",
                     *       "version": 1
                     *     }
                     */
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            400: components["responses"]["Problem400BadRequest"];
            401: components["responses"]["Problem401Unauthenticated"];
            403: components["responses"]["Problem403Forbidden"];
            404: components["responses"]["Problem404NotFound"];
            409: components["responses"]["Problem409IllegalTransition"];
            412: components["responses"]["Problem412Stale"];
            413: components["responses"]["Problem413ContentTooLarge"];
            415: components["responses"]["Problem415UnsupportedMediaType"];
            422: components["responses"]["Problem422Validation"];
            428: components["responses"]["Problem428PreconditionRequired"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    challenge_webhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body bring the same answer. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The webhook */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Accepted. */
            202: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "authorised_by": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a11",
                     *       "created_at": "2026-11-23T09:00:00Z",
                     *       "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a40",
                     *       "secrets": [
                     *         {
                     *           "created_at": "2026-11-23T09:00:00Z",
                     *           "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a41",
                     *           "public_key": "whpk_MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE="
                     *         }
                     *       ],
                     *       "state": "pending",
                     *       "types": [
                     *         "share.delivered",
                     *         "consent.revoked"
                     *       ],
                     *       "updated_at": "2026-11-23T09:00:00Z",
                     *       "url": "https://software.example.org/rapport",
                     *       "version": 1
                     *     }
                     */
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            400: components["responses"]["Problem400BadRequest"];
            401: components["responses"]["Problem401Unauthenticated"];
            403: components["responses"]["Problem403Forbidden"];
            404: components["responses"]["Problem404NotFound"];
            409: components["responses"]["Problem409IllegalTransitionOrIdempotencyInProgress"];
            413: components["responses"]["Problem413ContentTooLarge"];
            415: components["responses"]["Problem415UnsupportedMediaType"];
            422: components["responses"]["Problem422ValidationOrIdempotencyKeyReused"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    list_webhook_deliveries: {
        parameters: {
            query?: {
                /** @description Only those in this state: `pending`, `delivered`, `failed` or `refused`. */
                state?: "pending" | "delivered" | "failed" | "refused";
                /** @description How many items a page holds, 1 to 100; 25 if left out. */
                limit?: number;
                /** @description The `next_cursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description The webhook */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "attempts": 2,
                     *           "event": {
                     *             "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a20",
                     *             "object": {
                     *               "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a21",
                     *               "type": "share",
                     *               "version": 1
                     *             },
                     *             "occurred_at": "2026-11-23T09:30:00Z",
                     *             "sequence": 42,
                     *             "type": "share.delivered"
                     *           },
                     *           "last_attempt_at": "2026-11-23T09:35:12Z",
                     *           "last_status": 503,
                     *           "next_attempt_at": "2026-11-23T10:05:40Z",
                     *           "state": "pending"
                     *         }
                     *       ],
                     *       "next_cursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["WebhookDeliveryList"];
                };
            };
            401: components["responses"]["Problem401Unauthenticated"];
            403: components["responses"]["Problem403Forbidden"];
            404: components["responses"]["Problem404NotFound"];
            422: components["responses"]["Problem422Validation"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    resend_webhook_delivery: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body bring the same answer. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The webhook */
                id: string;
                /** @description The event that it tells */
                event_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Accepted. */
            202: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "attempts": 2,
                     *       "event": {
                     *         "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a20",
                     *         "object": {
                     *           "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a21",
                     *           "type": "share",
                     *           "version": 1
                     *         },
                     *         "occurred_at": "2026-11-23T09:30:00Z",
                     *         "sequence": 42,
                     *         "type": "share.delivered"
                     *       },
                     *       "last_attempt_at": "2026-11-23T09:35:12Z",
                     *       "last_status": 503,
                     *       "next_attempt_at": "2026-11-23T10:05:40Z",
                     *       "state": "pending"
                     *     }
                     */
                    "application/json": components["schemas"]["WebhookDelivery"];
                };
            };
            400: components["responses"]["Problem400BadRequest"];
            401: components["responses"]["Problem401Unauthenticated"];
            403: components["responses"]["Problem403Forbidden"];
            404: components["responses"]["Problem404NotFound"];
            409: components["responses"]["Problem409IllegalTransitionOrIdempotencyInProgress"];
            413: components["responses"]["Problem413ContentTooLarge"];
            415: components["responses"]["Problem415UnsupportedMediaType"];
            422: components["responses"]["Problem422ValidationOrIdempotencyKeyReused"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    add_webhook_secret: {
        parameters: {
            query?: never;
            header?: {
                /** @description Taken and without effect: this answer is never stored. The request is safe to repeat by its own rules. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The webhook */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    Location: components["headers"]["Location"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "created_at": "2026-11-23T09:30:00Z",
                     *       "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a14",
                     *       "public_key": "whpk_11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=",
                     *       "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo="
                     *     }
                     */
                    "application/json": components["schemas"]["NewWebhookSecret"];
                };
            };
            400: components["responses"]["Problem400BadRequest"];
            401: components["responses"]["Problem401Unauthenticated"];
            403: components["responses"]["Problem403Forbidden"];
            404: components["responses"]["Problem404NotFound"];
            409: components["responses"]["Problem409IllegalTransition"];
            413: components["responses"]["Problem413ContentTooLarge"];
            415: components["responses"]["Problem415UnsupportedMediaType"];
            422: components["responses"]["Problem422Validation"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    end_webhook_secret: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The webhook */
                id: string;
                /** @description The secret */
                secret_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; there is no body. */
            204: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem401Unauthenticated"];
            403: components["responses"]["Problem403Forbidden"];
            404: components["responses"]["Problem404NotFound"];
            409: components["responses"]["Problem409IllegalTransition"];
            429: components["responses"]["Problem429RateLimited"];
            500: components["responses"]["Problem500Internal"];
            503: components["responses"]["Problem503Unavailable"];
        };
    };
    ask_to_be_told: {
        parameters: {
            query?: never;
            header: {
                /** @description The event's id, or the webhook's where it is asked: the same however often it comes. */
                "webhook-id": string;
                /** @description When it was sent, in seconds since 1970; older than 5 minutes, it is not to be believed. */
                "webhook-timestamp": string;
                /** @description Signatures over id, timestamp and body, by each good secret: `v1,` HMAC-SHA256, `v1a,` ed25519. */
                "webhook-signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "challenge": "mJ3o6gq0QJ5mS0m0e8r9dA",
                 *       "type": "webhook.challenge",
                 *       "webhook_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a40"
                 *     }
                 */
                "application/json": components["schemas"]["WebhookChallenge"];
            };
        };
        responses: {
            /** @description It does. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "challenge": "mJ3o6gq0QJ5mS0m0e8r9dA"
                     *     }
                     */
                    "application/json": {
                        challenge: string;
                    };
                };
            };
            /** @description It does not say so, and is told nothing. A redirect is not followed. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    told_of_consent: {
        parameters: {
            query?: never;
            header: {
                /** @description The event's id, or the webhook's where it is asked: the same however often it comes. */
                "webhook-id": string;
                /** @description When it was sent, in seconds since 1970; older than 5 minutes, it is not to be believed. */
                "webhook-timestamp": string;
                /** @description Signatures over id, timestamp and body, by each good secret: `v1,` HMAC-SHA256, `v1a,` ed25519. */
                "webhook-signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a20",
                 *       "object": {
                 *         "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a21",
                 *         "type": "consent",
                 *         "version": 1
                 *       },
                 *       "occurred_at": "2026-11-23T09:30:00Z",
                 *       "sequence": 42,
                 *       "type": "consent.activated"
                 *     }
                 */
                "application/json": components["schemas"]["Event"];
            };
        };
        responses: {
            /** @description The address wants no more: the webhook is disabled. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description It is taken. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description It comes again, later and later, for 3 days. A redirect is not followed. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    told_of_emergency_access: {
        parameters: {
            query?: never;
            header: {
                /** @description The event's id, or the webhook's where it is asked: the same however often it comes. */
                "webhook-id": string;
                /** @description When it was sent, in seconds since 1970; older than 5 minutes, it is not to be believed. */
                "webhook-timestamp": string;
                /** @description Signatures over id, timestamp and body, by each good secret: `v1,` HMAC-SHA256, `v1a,` ed25519. */
                "webhook-signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a20",
                 *       "object": {
                 *         "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a21",
                 *         "type": "emergency_access",
                 *         "version": 1
                 *       },
                 *       "occurred_at": "2026-11-23T09:30:00Z",
                 *       "sequence": 42,
                 *       "type": "emergency_access.opened"
                 *     }
                 */
                "application/json": components["schemas"]["Event"];
            };
        };
        responses: {
            /** @description The address wants no more: the webhook is disabled. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description It is taken. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description It comes again, later and later, for 3 days. A redirect is not followed. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    told_of_incident: {
        parameters: {
            query?: never;
            header: {
                /** @description The event's id, or the webhook's where it is asked: the same however often it comes. */
                "webhook-id": string;
                /** @description When it was sent, in seconds since 1970; older than 5 minutes, it is not to be believed. */
                "webhook-timestamp": string;
                /** @description Signatures over id, timestamp and body, by each good secret: `v1,` HMAC-SHA256, `v1a,` ed25519. */
                "webhook-signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a20",
                 *       "object": {
                 *         "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a21",
                 *         "type": "incident",
                 *         "version": 1
                 *       },
                 *       "occurred_at": "2026-11-23T09:30:00Z",
                 *       "sequence": 42,
                 *       "type": "incident.opened"
                 *     }
                 */
                "application/json": components["schemas"]["Event"];
            };
        };
        responses: {
            /** @description The address wants no more: the webhook is disabled. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description It is taken. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description It comes again, later and later, for 3 days. A redirect is not followed. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    told_of_referral: {
        parameters: {
            query?: never;
            header: {
                /** @description The event's id, or the webhook's where it is asked: the same however often it comes. */
                "webhook-id": string;
                /** @description When it was sent, in seconds since 1970; older than 5 minutes, it is not to be believed. */
                "webhook-timestamp": string;
                /** @description Signatures over id, timestamp and body, by each good secret: `v1,` HMAC-SHA256, `v1a,` ed25519. */
                "webhook-signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a20",
                 *       "object": {
                 *         "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a21",
                 *         "type": "referral",
                 *         "version": 1
                 *       },
                 *       "occurred_at": "2026-11-23T09:30:00Z",
                 *       "sequence": 42,
                 *       "type": "referral.draft"
                 *     }
                 */
                "application/json": components["schemas"]["Event"];
            };
        };
        responses: {
            /** @description The address wants no more: the webhook is disabled. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description It is taken. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description It comes again, later and later, for 3 days. A redirect is not followed. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    told_of_report: {
        parameters: {
            query?: never;
            header: {
                /** @description The event's id, or the webhook's where it is asked: the same however often it comes. */
                "webhook-id": string;
                /** @description When it was sent, in seconds since 1970; older than 5 minutes, it is not to be believed. */
                "webhook-timestamp": string;
                /** @description Signatures over id, timestamp and body, by each good secret: `v1,` HMAC-SHA256, `v1a,` ed25519. */
                "webhook-signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a20",
                 *       "object": {
                 *         "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a21",
                 *         "type": "report",
                 *         "version": 1
                 *       },
                 *       "occurred_at": "2026-11-23T09:30:00Z",
                 *       "sequence": 42,
                 *       "type": "report.signed"
                 *     }
                 */
                "application/json": components["schemas"]["Event"];
            };
        };
        responses: {
            /** @description The address wants no more: the webhook is disabled. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description It is taken. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description It comes again, later and later, for 3 days. A redirect is not followed. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    told_of_share: {
        parameters: {
            query?: never;
            header: {
                /** @description The event's id, or the webhook's where it is asked: the same however often it comes. */
                "webhook-id": string;
                /** @description When it was sent, in seconds since 1970; older than 5 minutes, it is not to be believed. */
                "webhook-timestamp": string;
                /** @description Signatures over id, timestamp and body, by each good secret: `v1,` HMAC-SHA256, `v1a,` ed25519. */
                "webhook-signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a20",
                 *       "object": {
                 *         "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a21",
                 *         "type": "share",
                 *         "version": 1
                 *       },
                 *       "occurred_at": "2026-11-23T09:30:00Z",
                 *       "sequence": 42,
                 *       "type": "share.delivered"
                 *     }
                 */
                "application/json": components["schemas"]["Event"];
            };
        };
        responses: {
            /** @description The address wants no more: the webhook is disabled. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description It is taken. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description It comes again, later and later, for 3 days. A redirect is not followed. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
}
