//! The SQL of signing in: members as accounts, challenges, sessions, refresh tokens.

use super::{
    Actor, Person, Principal, Subject, Who,
    delays::{self, Failures},
    tokens,
};
use crate::{
    database::{
        Tx, clock_timestamp,
        ids::new_id,
        prepared::Prepare,
        schema::{
            api_client_assertions, api_clients, members, mfa_challenges, refresh_tokens, revoked_tokens, sessions,
            sign_in_failures,
        },
    },
    http::{ApiError, PageRequest},
    vault::{self, Place},
};
use chrono::{DateTime, TimeDelta, Utc};
use diesel::{dsl::exists, prelude::*};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use rapport_contract::{api_clients::Scope, members::Role};
use uuid::Uuid;

/// A session ends after these hours at the latest.
const SESSION_HOURS: i64 = 12;
/// A session that is not refreshed for these minutes is over (45 CFR 164.312(a)(2)(iii)).
const IDLE_MINUTES: i64 = 15;
/// Within these seconds a refresh token that was just used leads to the same successor again.
pub(super) const GRACE_SECONDS: i64 = 10;
/// How far the wall clock of a service and the clock of the database may be apart.
const APART_MINUTES: i64 = 10;
/// A challenge takes this many codes; the column's default is the same.
const TRIES: i64 = 5;
/// A challenge lives this long.
pub(super) const CHALLENGE_MINUTES: i64 = 10;

/// Who calls, as the database has it now, and the database's clock.
pub(crate) struct Live {
    principal: Option<Principal>,
    /// Of a session.
    expires_at: Option<DateTime<Utc>>,
    pub(crate) read_at: DateTime<Utc>,
}

impl Live {
    /// The principal, if session and membership, or client and token, are in force at this time.
    ///
    /// # Errors
    /// `unauthenticated`
    pub(crate) fn at(self, now: DateTime<Utc>) -> Result<Principal, ApiError> {
        let is_in_time = self.expires_at.is_none_or(|expires_at| now < expires_at);
        self.principal.filter(|_| is_in_time).ok_or_else(ApiError::unauthenticated)
    }
}

/// Reads who calls and the clock in one round trip: of a person the session and the membership, of a machine the client and
/// whether the token was revoked.
pub(crate) async fn live(conn: &AsyncPgConnection, actor: &Actor) -> Result<Live, ApiError> {
    match &actor.subject {
        Subject::Member { id, session } => live_member(conn, actor.clinic, *id, *session).await,
        Subject::Client { id, token, scopes } => live_client(conn, actor.clinic, *id, *token, scopes).await,
    }
}

async fn live_member(conn: &AsyncPgConnection, clinic: Uuid, member: Uuid, session: Uuid) -> Result<Live, ApiError> {
    let row = sessions::table
        .inner_join(members::table)
        .filter(sessions::id.eq(session))
        .filter(sessions::clinic_id.eq(clinic))
        .filter(members::id.eq(member))
        .select((PersonRow::as_select(), sessions::expires_at, sessions::ended_at, clock_timestamp()))
        .first::<(PersonRow, DateTime<Utc>, Option<DateTime<Utc>>, DateTime<Utc>)>(&mut &*conn)
        .await
        .optional()?;
    let (row, expires_at, ended_at, read_at) = row.ok_or_else(ApiError::unauthenticated)?;
    let person = row.in_force().filter(|_| ended_at.is_none());
    let principal = person.map(|person| Principal { id: member, clinic_id: clinic, who: Who::Member(person) });
    Ok(Live { principal, expires_at: Some(expires_at), read_at })
}

async fn live_client(
    conn: &AsyncPgConnection,
    clinic: Uuid,
    client: Uuid,
    token: Uuid,
    scopes: &[Scope],
) -> Result<Live, ApiError> {
    let is_revoked = exists(revoked_tokens::table.find(token));
    let is_author =
        api_clients::author_id.eq(members::id.nullable()).and(api_clients::clinic_id.eq(members::clinic_id));
    let row = api_clients::table
        .left_join(members::table.on(is_author))
        .filter(api_clients::id.eq(client))
        .filter(api_clients::clinic_id.eq(clinic))
        .select((
            api_clients::scopes,
            api_clients::state,
            Option::<PersonRow>::as_select(),
            is_revoked,
            clock_timestamp(),
        ))
        .first::<(Vec<String>, String, Option<PersonRow>, bool, DateTime<Utc>)>(&mut &*conn)
        .await
        .optional()?;
    let (granted, state, author, is_revoked, read_at) = row.ok_or_else(ApiError::unauthenticated)?;
    // What the clinic has taken back since the token was made is gone.
    let scopes = scopes.iter().copied().filter(|scope| granted.iter().any(|name| name == scope.as_str())).collect();
    let who = Who::Client { scopes, author: author.and_then(PersonRow::in_force) };
    let principal = Principal { id: client, clinic_id: clinic, who };
    Ok(Live { principal: Some(principal).filter(|_| state == "active" && !is_revoked), expires_at: None, read_at })
}

/// A member of this clinic, if the membership is in force.
pub(crate) async fn person(tx: &mut Tx<'_>, clinic: Uuid, id: Uuid) -> QueryResult<Option<Person>> {
    let row = members::table
        .filter(members::clinic_id.eq(clinic))
        .filter(members::id.eq(id))
        .select(PersonRow::as_select())
        .first(tx.conn())
        .await
        .optional()?;
    Ok(row.and_then(PersonRow::in_force))
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = members)]
struct PersonRow {
    id: Uuid,
    role: String,
    state: String,
    name: String,
    profession: Option<String>,
}

impl PersonRow {
    fn in_force(self) -> Option<Person> {
        let role = match self.role.as_str() {
            "owner" => Role::Owner,
            "practitioner" => Role::Practitioner,
            "staff" => Role::Staff,
            "privacy_officer" => Role::PrivacyOfficer,
            _ => return None,
        };
        let person = Person { id: self.id, role, name: self.name, profession: self.profession };
        (self.state == "active").then_some(person)
    }
}

/// An account that can sign in.
#[derive(Queryable, Selectable)]
#[diesel(table_name = members)]
pub(super) struct Account {
    pub(super) id: Uuid,
    pub(super) clinic_id: Uuid,
    pub(super) email: String,
    pub(super) password_hash: Option<String>,
    totp_secret: Option<Vec<u8>>,
    totp_key_version: Option<i32>,
    pub(super) totp_confirmed_at: Option<DateTime<Utc>>,
    pub(super) totp_last_step: i64,
}

fn place_of_secret(member: Uuid) -> Place {
    Place::new("members", "totp_secret", member)
}

/// The secret of an account's authenticator, opened.
pub(super) async fn totp_secret(tx: &mut Tx<'_>, account: &Account) -> QueryResult<Option<Vec<u8>>> {
    let Some((sealed, version)) = account.totp_secret.as_deref().zip(account.totp_key_version) else { return Ok(None) };
    let Some(office) = vault::of_version(tx, account.clinic_id, account.clinic_id, version).await? else {
        return Ok(None);
    };
    Ok(Some(office.open(&place_of_secret(account.id), sealed)?.to_vec()))
}

pub(super) async fn account_by_email(tx: &mut Tx<'_>, email: &str) -> QueryResult<Option<Account>> {
    members::table
        .filter(members::email.eq(email))
        .filter(members::state.eq("active"))
        .select(Account::as_select())
        .first(tx.conn())
        .await
        .optional()
}

async fn account_by_id(tx: &mut Tx<'_>, id: Uuid) -> QueryResult<Option<Account>> {
    members::table
        .find(id)
        .filter(members::state.eq("active"))
        .select(Account::as_select())
        .first(tx.conn())
        .await
        .optional()
}

/// Where failures of an account are counted whatever their source.
const ANYWHERE: &[u8] = &[];

/// The failures of an account from one source, and until when the source is known. The row is made if it is not there, and is
/// locked: of many tries at once each sees those before it.
async fn failures(tx: &mut Tx<'_>, account: &[u8], source: &[u8]) -> QueryResult<(Failures, Option<DateTime<Utc>>)> {
    use sign_in_failures as columns;
    let now = tx.now();
    let (count, last_at, known_until) = diesel::insert_into(sign_in_failures::table)
        .values((columns::account.eq(account), columns::source.eq(source), columns::last_at.eq(now)))
        .on_conflict((columns::account, columns::source))
        .do_update()
        .set(columns::failures.eq(columns::failures))
        .returning((columns::failures, columns::last_at, columns::known_until))
        .get_result(tx.conn())
        .await?;
    Ok((Failures { count, last_at }, known_until))
}

/// Counts a try before it is made, as a failure. Answers the seconds to wait where it may not be made; then nothing is to be
/// kept of it.
pub(super) async fn count_try(tx: &mut Tx<'_>, account: &[u8], source: &[u8]) -> QueryResult<Option<u64>> {
    // Always in this order, so that two never wait for each other.
    let (anywhere, _) = failures(tx, account, ANYWHERE).await?;
    let (here, known_until) = failures(tx, account, source).await?;
    let now = tx.now();
    let is_known = known_until.is_some_and(|until| now < until);
    let wait_of_account = (!is_known).then(|| anywhere.wait(delays::FREE_OF_AN_ACCOUNT, now)).flatten();
    if let Some(wait) = here.wait(delays::FREE_FROM_A_SOURCE, now).max(wait_of_account) {
        return Ok(Some(wait));
    }
    for (source, before) in [(ANYWHERE, anywhere), (source, here)] {
        diesel::update(sign_in_failures::table.find((account, source)))
            .set((sign_in_failures::failures.eq(before.remembered(now) + 1), sign_in_failures::last_at.eq(now)))
            .execute(tx.conn())
            .await?;
    }
    Ok(None)
}

/// Takes a counted try back: the password was right, or could not be looked at.
pub(super) async fn uncount_try(tx: &mut Tx<'_>, account: &[u8], source: &[u8]) -> QueryResult<()> {
    for source in [ANYWHERE, source] {
        let counted = sign_in_failures::table.find((account, source)).filter(sign_in_failures::failures.gt(0));
        diesel::update(counted)
            .set(sign_in_failures::failures.eq(sign_in_failures::failures - 1))
            .execute(tx.conn())
            .await?;
    }
    Ok(())
}

/// Leaves the count of a try as it is, in as much work as recording a refusal takes: the time of the answer does not tell
/// whether there is such an account.
pub(super) async fn confirm_try(tx: &mut Tx<'_>, account: &[u8]) -> QueryResult<()> {
    let now = tx.now();
    diesel::update(sign_in_failures::table.find((account, ANYWHERE)))
        .set(sign_in_failures::last_at.eq(now))
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Somebody signed in with both factors from these sources: they are known from now on, and no failure is held against them or
/// the account any more.
pub(super) async fn sign_in_succeeded(tx: &mut Tx<'_>, account: &[u8], sources: &[&[u8]]) -> QueryResult<()> {
    use sign_in_failures as columns;
    let now = tx.now();
    let known_until = now + TimeDelta::days(delays::KNOWN_FOR_DAYS);
    diesel::update(sign_in_failures::table.find((account, ANYWHERE)))
        .set(columns::failures.eq(0))
        .execute(tx.conn())
        .await?;
    for source in sources {
        diesel::insert_into(sign_in_failures::table)
            .values((
                columns::account.eq(account),
                columns::source.eq(source),
                columns::last_at.eq(now),
                columns::known_until.eq(known_until),
            ))
            .on_conflict((columns::account, columns::source))
            .do_update()
            .set((columns::failures.eq(0), columns::known_until.eq(known_until)))
            .execute(tx.conn())
            .await?;
    }
    Ok(())
}

/// Whether somebody signed in to the account from this source before.
pub(super) async fn is_known_source(tx: &mut Tx<'_>, account: &[u8], source: &[u8]) -> QueryResult<bool> {
    let now = tx.now();
    let known = sign_in_failures::table.find((account, source)).filter(sign_in_failures::known_until.gt(now));
    diesel::select(diesel::dsl::exists(known)).get_result(tx.conn()).await
}

/// Opens the second step.
pub(super) async fn insert_challenge(
    tx: &mut Tx<'_>,
    hash: &[u8],
    account: &Account,
    purpose: &str,
) -> QueryResult<()> {
    use mfa_challenges as columns;
    let expires_at = tx.now() + TimeDelta::minutes(CHALLENGE_MINUTES);
    diesel::insert_into(mfa_challenges::table)
        .values((
            columns::hash.eq(hash),
            columns::clinic_id.eq(account.clinic_id),
            columns::member_id.eq(account.id),
            columns::purpose.eq(purpose),
            columns::expires_at.eq(expires_at),
        ))
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// The account behind a challenge and what the challenge is for. The challenge's row is locked: of two at once with the
/// last try one has to wait and finds none left.
pub(super) async fn challenged(tx: &mut Tx<'_>, hash: &[u8]) -> QueryResult<Option<(Account, String)>> {
    let now = tx.now();
    let challenge = mfa_challenges::table
        .find(hash)
        .filter(mfa_challenges::expires_at.gt(now))
        .filter(mfa_challenges::tries_left.gt(0))
        .filter(mfa_challenges::purpose.ne(STEP_UP))
        .select((mfa_challenges::member_id, mfa_challenges::purpose))
        .for_update()
        .first::<(Uuid, String)>(tx.conn())
        .await
        .optional()?;
    let Some((member, purpose)) = challenge else { return Ok(None) };
    Ok(account_by_id(tx, member).await?.map(|account| (account, purpose)))
}

pub(super) async fn count_wrong_try(tx: &mut Tx<'_>, hash: &[u8]) -> QueryResult<()> {
    diesel::update(mfa_challenges::table.find(hash))
        .set(mfa_challenges::tries_left.eq(mfa_challenges::tries_left - 1))
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// What wrong codes within a session are kept as.
const STEP_UP: &str = "step_up";

/// The account of a member in force, held until the transaction ends.
pub(super) async fn hold_account(tx: &mut Tx<'_>, clinic: Uuid, member: Uuid) -> QueryResult<Option<Account>> {
    members::table
        .find(member)
        .filter(members::clinic_id.eq(clinic))
        .filter(members::state.eq("active"))
        .select(Account::as_select())
        .for_update()
        .first(tx.conn())
        .await
        .optional()
}

/// Wrong codes within sessions.
pub(super) struct WrongStepUps {
    pub(super) count: i64,
    pub(super) first_forgotten_at: Option<DateTime<Utc>>,
}

/// How many wrong codes were tried within an account's sessions lately.
pub(super) async fn wrong_step_ups(tx: &mut Tx<'_>, account: &Account) -> QueryResult<WrongStepUps> {
    let now = tx.now();
    let (count, first_forgotten_at) = mfa_challenges::table
        .filter(mfa_challenges::clinic_id.eq(account.clinic_id))
        .filter(mfa_challenges::member_id.eq(account.id))
        .filter(mfa_challenges::purpose.eq(STEP_UP))
        .filter(mfa_challenges::expires_at.gt(now))
        .select((diesel::dsl::count_star(), diesel::dsl::min(mfa_challenges::expires_at)))
        .first(tx.conn())
        .await?;
    Ok(WrongStepUps { count, first_forgotten_at })
}

/// Counts a wrong code within a session: a challenge that nobody can answer, of which one try is used up.
pub(super) async fn insert_wrong_step_up(tx: &mut Tx<'_>, hash: &[u8], account: &Account) -> QueryResult<()> {
    insert_challenge(tx, hash, account, STEP_UP).await?;
    count_wrong_try(tx, hash).await
}

/// Holds no wrong code within a session against an account any more.
pub(super) async fn forget_step_ups(tx: &mut Tx<'_>, account: &Account) -> QueryResult<()> {
    let of_account = mfa_challenges::table
        .filter(mfa_challenges::clinic_id.eq(account.clinic_id))
        .filter(mfa_challenges::member_id.eq(account.id))
        .filter(mfa_challenges::purpose.eq(STEP_UP));
    diesel::delete(of_account).execute(tx.conn()).await?;
    Ok(())
}

/// How many wrong codes were tried for an account in the challenges that still live, whichever sign-in they were for.
pub(super) async fn recent_wrong_tries(tx: &mut Tx<'_>, account: &Account) -> QueryResult<i64> {
    let now = tx.now();
    let tries_left: (i64, Option<i64>) = mfa_challenges::table
        .filter(mfa_challenges::clinic_id.eq(account.clinic_id))
        .filter(mfa_challenges::member_id.eq(account.id))
        .filter(mfa_challenges::expires_at.gt(now))
        .select((diesel::dsl::count_star(), diesel::dsl::sum(mfa_challenges::tries_left)))
        .first(tx.conn())
        .await?;
    Ok(tries_left.0 * TRIES - tries_left.1.unwrap_or_default())
}

pub(super) async fn delete_challenge(tx: &mut Tx<'_>, hash: &[u8]) -> QueryResult<()> {
    diesel::delete(mfa_challenges::table.find(hash)).execute(tx.conn()).await?;
    Ok(())
}

/// Keeps a secret that no code has confirmed yet.
pub(super) async fn keep_secret(tx: &mut Tx<'_>, account: &Account, secret: &[u8]) -> QueryResult<usize> {
    let office = vault::office(tx, account.clinic_id).await?;
    diesel::update(members::table.find(account.id).filter(members::totp_confirmed_at.is_null()))
        .set((
            members::totp_secret.eq(office.seal(&place_of_secret(account.id), secret)?),
            members::totp_key_version.eq(office.version()),
        ))
        .execute(tx.conn())
        .await
}

/// Uses a code up, in one statement: of two at once with the same code one gets `false`.
pub(super) async fn use_code(tx: &mut Tx<'_>, member: Uuid, step: i64) -> QueryResult<bool> {
    let now = tx.now();
    let unused = members::table.find(member).filter(members::totp_last_step.lt(step));
    let confirmed = diesel::dsl::sql::<diesel::sql_types::Timestamptz>("coalesce(totp_confirmed_at, ")
        .bind::<diesel::sql_types::Timestamptz, _>(now)
        .sql(")");
    let count = diesel::update(unused)
        .set((members::totp_last_step.eq(step), members::totp_confirmed_at.eq(confirmed.nullable())))
        .prepared()
        .execute(tx.conn())
        .await?;
    Ok(count == 1)
}

pub(super) async fn insert_session(tx: &mut Tx<'_>, clinic: Uuid, member: Uuid) -> QueryResult<Uuid> {
    use sessions as columns;
    let (id, now) = (new_id(), tx.now());
    diesel::insert_into(sessions::table)
        .values((
            columns::id.eq(id),
            columns::clinic_id.eq(clinic),
            columns::member_id.eq(member),
            columns::created_at.eq(now),
            columns::refreshed_at.eq(now),
            columns::expires_at.eq(now + TimeDelta::hours(SESSION_HOURS)),
        ))
        .execute(tx.conn())
        .await?;
    Ok(id)
}

pub(super) async fn insert_refresh_token(tx: &mut Tx<'_>, hash: &[u8], session: Uuid) -> QueryResult<()> {
    use refresh_tokens as columns;
    let expires_at = tx.now() + TimeDelta::minutes(IDLE_MINUTES);
    diesel::insert_into(refresh_tokens::table)
        .values((columns::hash.eq(hash), columns::session_id.eq(session), columns::expires_at.eq(expires_at)))
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Uses a refresh token up, in one statement, and names its session. Of many at once exactly one gets it.
pub(super) async fn consume_refresh_token(tx: &mut Tx<'_>, hash: &[u8]) -> QueryResult<Option<Uuid>> {
    let now = tx.now();
    let fresh = refresh_tokens::table
        .find(hash)
        .filter(refresh_tokens::used_at.is_null())
        .filter(refresh_tokens::expires_at.gt(now));
    diesel::update(fresh)
        .set(refresh_tokens::used_at.eq(now))
        .returning(refresh_tokens::session_id)
        .prepared()
        .get_result(tx.conn())
        .await
        .optional()
}

/// A refresh token that could not be consumed: its session, and when it was used.
pub(super) async fn used_refresh_token(
    tx: &mut Tx<'_>,
    hash: &[u8],
) -> QueryResult<Option<(Uuid, Option<DateTime<Utc>>)>> {
    refresh_tokens::table
        .find(hash)
        .select((refresh_tokens::session_id, refresh_tokens::used_at))
        .first(tx.conn())
        .await
        .optional()
}

/// A session's member and clinic, if both are in force.
pub(super) async fn session_in_force(tx: &mut Tx<'_>, id: Uuid) -> QueryResult<Option<(Uuid, Uuid)>> {
    let now = tx.now();
    sessions::table
        .inner_join(members::table)
        .filter(sessions::id.eq(id))
        .filter(sessions::ended_at.is_null())
        .filter(sessions::expires_at.gt(now))
        .filter(members::state.eq("active"))
        .select((members::id, members::clinic_id))
        .first(tx.conn())
        .await
        .optional()
}

pub(super) async fn touch_session(tx: &mut Tx<'_>, id: Uuid) -> QueryResult<()> {
    let now = tx.now();
    diesel::update(sessions::table.find(id)).set(sessions::refreshed_at.eq(now)).prepared().execute(tx.conn()).await?;
    Ok(())
}

/// Ends a session of a family whose token was used twice; answers whose it was.
pub(super) async fn end_family(tx: &mut Tx<'_>, session: Uuid) -> QueryResult<Option<(Uuid, Uuid)>> {
    let now = tx.now();
    diesel::update(sessions::table.find(session).filter(sessions::ended_at.is_null()))
        .set(sessions::ended_at.eq(now))
        .returning((sessions::member_id, sessions::clinic_id))
        .get_result(tx.conn())
        .await
        .optional()
}

/// Ends one session of a member, or with `None` all of them; answers how many.
pub(crate) async fn end_sessions(
    tx: &mut Tx<'_>,
    clinic: Uuid,
    member: Uuid,
    session: Option<Uuid>,
) -> QueryResult<usize> {
    let now = tx.now();
    let live = sessions::table
        .filter(sessions::clinic_id.eq(clinic))
        .filter(sessions::member_id.eq(member))
        .filter(sessions::ended_at.is_null());
    match session {
        Some(id) => {
            diesel::update(live.filter(sessions::id.eq(id))).set(sessions::ended_at.eq(now)).execute(tx.conn()).await
        }
        None => diesel::update(live).set(sessions::ended_at.eq(now)).execute(tx.conn()).await,
    }
}

/// A session as its member sees it.
#[derive(Queryable, Selectable)]
#[diesel(table_name = sessions)]
pub(super) struct SessionRow {
    pub(super) id: Uuid,
    pub(super) created_at: DateTime<Utc>,
    pub(super) refreshed_at: DateTime<Utc>,
    pub(super) expires_at: DateTime<Utc>,
}

pub(super) async fn sessions_of(tx: &mut Tx<'_>, me: &Principal, page: &PageRequest) -> QueryResult<Vec<SessionRow>> {
    let now = tx.now();
    let mut query = sessions::table
        .filter(sessions::clinic_id.eq(me.clinic_id))
        .filter(sessions::member_id.eq(me.id))
        .filter(sessions::ended_at.is_null())
        .filter(sessions::expires_at.gt(now))
        .select(SessionRow::as_select())
        .into_boxed();
    if let Some(after) = page.after {
        query = query.filter(sessions::id.lt(after.0));
    }
    query.order(sessions::id.desc()).limit(page.rows()).load(tx.conn()).await
}

/// Ends the session that a refresh token belongs to, used or not; answers whose it was.
pub(crate) async fn end_session_of(tx: &mut Tx<'_>, refresh_token: &[u8]) -> QueryResult<Option<(Uuid, Uuid)>> {
    match used_refresh_token(tx, refresh_token).await? {
        Some((session, _)) => end_family(tx, session).await,
        None => Ok(None),
    }
}

/// Uses a client's assertion up, in one statement. Of many at once exactly one gets it.
pub(crate) async fn use_assertion(
    tx: &mut Tx<'_>,
    clinic: Uuid,
    client: Uuid,
    jti_hash: &[u8],
    expires_at: DateTime<Utc>,
) -> QueryResult<bool> {
    use api_client_assertions as columns;
    let count = diesel::insert_into(api_client_assertions::table)
        .values((
            columns::clinic_id.eq(clinic),
            columns::client_id.eq(client),
            columns::jti_hash.eq(jti_hash),
            columns::expires_at.eq(expires_at),
        ))
        .on_conflict_do_nothing()
        .execute(tx.conn())
        .await?;
    Ok(count == 1)
}

/// Takes an access token of a client back: it is good for nothing from now on.
pub(crate) async fn revoke_token(tx: &mut Tx<'_>, clinic: Uuid, client: Uuid, token: Uuid) -> QueryResult<()> {
    use revoked_tokens as columns;
    // No token lives longer than one that is made now.
    let expires_at = tx.now() + TimeDelta::seconds(tokens::LIFETIME.into());
    diesel::insert_into(revoked_tokens::table)
        .values((
            columns::jti.eq(token),
            columns::clinic_id.eq(clinic),
            columns::client_id.eq(client),
            columns::expires_at.eq(expires_at),
        ))
        .on_conflict_do_nothing()
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Forgets challenges, refresh tokens, assertions and revocations that can't be used any more, and failures that delay nobody.
///
/// # Errors
/// Whatever the database answers.
pub(crate) async fn forget_lapsed(tx: &mut Tx<'_>) -> QueryResult<usize> {
    let now = tx.now();
    let challenges =
        diesel::delete(mfa_challenges::table.filter(mfa_challenges::expires_at.lt(now))).execute(tx.conn()).await?;
    // Used tokens are kept as long as their session could live: a second use of one must be recognised.
    let before = now - TimeDelta::hours(SESSION_HOURS);
    let tokens =
        diesel::delete(refresh_tokens::table.filter(refresh_tokens::expires_at.lt(before))).execute(tx.conn()).await?;
    // These times are of the wall clock, which may be a little apart from the database's.
    let before = now - TimeDelta::minutes(APART_MINUTES);
    let assertions = diesel::delete(api_client_assertions::table.filter(api_client_assertions::expires_at.lt(before)))
        .execute(tx.conn())
        .await?;
    let revoked =
        diesel::delete(revoked_tokens::table.filter(revoked_tokens::expires_at.lt(before))).execute(tx.conn()).await?;
    let before = now - TimeDelta::hours(delays::FORGOTTEN_AFTER_HOURS);
    let is_unknown =
        sign_in_failures::known_until.is_null().or(sign_in_failures::known_until.lt(now).assume_not_null());
    let forgotten = sign_in_failures::table.filter(sign_in_failures::last_at.lt(before)).filter(is_unknown);
    let failures = diesel::delete(forgotten).execute(tx.conn()).await?;
    Ok(challenges + tokens + assertions + revoked + failures)
}
