//! The SQL of webhooks, their secrets and their deliveries.

use super::{
    policy::{MOST_AT_ONCE, MOST_CHALLENGES, MOST_OF_A_CLINIC, PATIENCE},
    signature::Secret,
};
use crate::{
    database::{
        Tx,
        ids::new_id,
        schema::{events, members, webhook_deliveries, webhook_secrets, webhooks},
    },
    events::store::Row as EventRow,
    http::{ApiError, PageRequest},
    vault::{self, Keyring, Place},
};
use chrono::{DateTime, TimeDelta, Utc};
use diesel::{
    dsl::{count_star, sql_query},
    prelude::*,
    sql_types::{Array, BigInt, Integer, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use std::collections::HashMap;
use uuid::Uuid;

/// A webhook as a row.
#[derive(Clone, Queryable, Selectable, Insertable)]
// None is written as NULL: with DEFAULT in its place Diesel would prepare the statement anew on every call.
#[diesel(table_name = webhooks, treat_none_as_default_value = false)]
pub(super) struct Row {
    pub(super) id: Uuid,
    pub(super) clinic_id: Uuid,
    pub(super) url: String,
    pub(super) types: Vec<String>,
    pub(super) state: String,
    pub(super) disabled_because: Option<String>,
    pub(super) authorised_by: Uuid,
    pub(super) challenge_at: Option<DateTime<Utc>>,
    pub(super) challenges: i32,
    pub(super) failing_since: Option<DateTime<Utc>>,
    pub(super) created_at: DateTime<Utc>,
    pub(super) updated_at: DateTime<Utc>,
    pub(super) version: i32,
}

/// A secret that is good, without itself.
#[derive(Queryable, Selectable)]
#[diesel(table_name = webhook_secrets)]
pub(super) struct SecretRow {
    pub(super) id: Uuid,
    pub(super) webhook_id: Uuid,
    pub(super) public_key: String,
    pub(super) created_at: DateTime<Utc>,
    pub(super) ends_at: Option<DateTime<Utc>>,
}

pub(super) async fn insert(tx: &mut Tx<'_>, row: &Row) -> QueryResult<()> {
    diesel::insert_into(webhooks::table).values(row).execute(tx.conn()).await?;
    Ok(())
}

/// How many of the clinic's webhooks are not over.
pub(super) async fn count(tx: &mut Tx<'_>, clinic: Uuid) -> QueryResult<i64> {
    // As the index has it, and not as a parameter: those that ended are not passed over.
    let is_living = diesel::dsl::sql::<diesel::sql_types::Bool>("webhooks.state <> 'ended'");
    let living = webhooks::table.filter(webhooks::clinic_id.eq(clinic)).filter(is_living);
    living.select(count_star()).get_result(tx.conn()).await
}

/// A webhook of this clinic.
pub(super) async fn find(tx: &mut Tx<'_>, clinic: Uuid, id: Uuid) -> QueryResult<Option<Row>> {
    webhooks::table
        .filter(webhooks::clinic_id.eq(clinic))
        .filter(webhooks::id.eq(id))
        .select(Row::as_select())
        .first(tx.conn())
        .await
        .optional()
}

/// A webhook of this clinic, held against others who change it or its secrets.
pub(super) async fn hold(tx: &mut Tx<'_>, clinic: Uuid, id: Uuid) -> QueryResult<Option<Row>> {
    webhooks::table
        .filter(webhooks::clinic_id.eq(clinic))
        .filter(webhooks::id.eq(id))
        .select(Row::as_select())
        .for_update()
        .first(tx.conn())
        .await
        .optional()
}

pub(super) async fn page(tx: &mut Tx<'_>, clinic: Uuid, page: &PageRequest) -> QueryResult<Vec<Row>> {
    let mut query = webhooks::table.filter(webhooks::clinic_id.eq(clinic)).select(Row::as_select()).into_boxed();
    if let Some(after) = page.after {
        query = query.filter(webhooks::id.lt(after.0));
    }
    query.order(webhooks::id.desc()).limit(page.rows()).load(tx.conn()).await
}

/// What changes; a field left out stays.
#[derive(AsChangeset, Default)]
#[diesel(table_name = webhooks)]
pub(super) struct Changes {
    pub(super) url: Option<String>,
    pub(super) types: Option<Vec<String>>,
    pub(super) state: Option<&'static str>,
    pub(super) disabled_because: Option<Option<&'static str>>,
    pub(super) authorised_by: Option<Uuid>,
    pub(super) challenge_at: Option<Option<DateTime<Utc>>>,
    pub(super) challenges: Option<i32>,
    pub(super) failing_since: Option<Option<DateTime<Utc>>>,
}

impl Changes {
    /// The address is asked whether it wants this, from now on.
    pub(super) fn challenged(at: DateTime<Utc>, by: Uuid) -> Self {
        Self {
            state: Some("pending"),
            disabled_because: Some(None),
            authorised_by: Some(by),
            challenge_at: Some(Some(at)),
            challenges: Some(0),
            failing_since: Some(None),
            ..Self::default()
        }
    }
}

/// Changes a webhook, unless it was changed since this version was read.
pub(super) async fn update(tx: &mut Tx<'_>, seen: &Row, changes: &Changes) -> QueryResult<Option<Row>> {
    let now = tx.now();
    let unchanged = webhooks::table
        .filter(webhooks::clinic_id.eq(seen.clinic_id))
        .filter(webhooks::id.eq(seen.id))
        .filter(webhooks::version.eq(seen.version));
    diesel::update(unchanged)
        .set((changes, webhooks::updated_at.eq(now), webhooks::version.eq(webhooks::version + 1)))
        .returning(Row::as_returning())
        .get_result(tx.conn())
        .await
        .optional()
}

fn place(secret: Uuid) -> Place {
    Place::new("webhook_secrets", "secret", secret)
}

/// Keeps a new secret, sealed.
pub(super) async fn insert_secret(tx: &mut Tx<'_>, webhook: &Row, secret: &Secret) -> Result<SecretRow, ApiError> {
    use webhook_secrets as columns;
    let (id, now) = (new_id(), tx.now());
    let office = vault::office(tx, webhook.clinic_id).await?;
    let sealed = office.seal_json(&place(id), secret).map_err(diesel::result::Error::from)?;
    let row = diesel::insert_into(webhook_secrets::table)
        .values((
            columns::id.eq(id),
            columns::clinic_id.eq(webhook.clinic_id),
            columns::webhook_id.eq(webhook.id),
            columns::secret.eq(sealed),
            columns::public_key.eq(secret.public_key().map_err(ApiError::internal)?),
            columns::office_key_version.eq(office.version()),
            columns::created_at.eq(now),
        ))
        .returning(SecretRow::as_returning())
        .get_result(tx.conn())
        .await?;
    Ok(row)
}

/// The secrets of these webhooks that are good now, oldest first.
pub(super) async fn secrets_of(
    tx: &mut Tx<'_>,
    clinic: Uuid,
    ids: &[Uuid],
) -> QueryResult<HashMap<Uuid, Vec<SecretRow>>> {
    let now = tx.now();
    let rows: Vec<SecretRow> = webhook_secrets::table
        .filter(webhook_secrets::clinic_id.eq(clinic))
        .filter(webhook_secrets::webhook_id.eq_any(ids.to_vec()))
        .filter(webhook_secrets::ends_at.is_null().or(webhook_secrets::ends_at.gt(now).assume_not_null()))
        .select(SecretRow::as_select())
        .order(webhook_secrets::id)
        .load(tx.conn())
        .await?;
    let mut by_webhook: HashMap<Uuid, Vec<SecretRow>> = HashMap::new();
    for row in rows {
        by_webhook.entry(row.webhook_id).or_default().push(row);
    }
    Ok(by_webhook)
}

/// What a webhook's deliveries are signed with now, the newest first.
pub(super) async fn signing(tx: &mut Tx<'_>, webhook: &Row) -> QueryResult<Vec<Secret>> {
    let now = tx.now();
    let rows: Vec<(Uuid, Vec<u8>, i32)> = webhook_secrets::table
        .filter(webhook_secrets::clinic_id.eq(webhook.clinic_id))
        .filter(webhook_secrets::webhook_id.eq(webhook.id))
        .filter(webhook_secrets::ends_at.is_null().or(webhook_secrets::ends_at.gt(now).assume_not_null()))
        .order(webhook_secrets::id.desc())
        .select((webhook_secrets::id, webhook_secrets::secret, webhook_secrets::office_key_version))
        .load(tx.conn())
        .await?;
    let mut keys = Keyring::default();
    let mut secrets = Vec::with_capacity(rows.len());
    for (id, sealed, version) in rows {
        let office = keys.of(tx, webhook.clinic_id, webhook.clinic_id, version).await?;
        secrets.push(office.open_json(&place(id), &sealed)?);
    }
    Ok(secrets)
}

/// Lets secrets of a webhook sign until then and no longer: this one, or all that have no end yet.
pub(super) async fn end_secrets(
    tx: &mut Tx<'_>,
    webhook: &Row,
    secret: Option<Uuid>,
    at: DateTime<Utc>,
) -> QueryResult<usize> {
    let now = tx.now();
    let mut good = diesel::update(webhook_secrets::table)
        .filter(webhook_secrets::clinic_id.eq(webhook.clinic_id))
        .filter(webhook_secrets::webhook_id.eq(webhook.id))
        .set(webhook_secrets::ends_at.eq(at))
        .into_boxed();
    good = match secret {
        Some(id) => good
            .filter(webhook_secrets::id.eq(id))
            .filter(webhook_secrets::ends_at.is_null().or(webhook_secrets::ends_at.gt(now).assume_not_null())),
        None => good.filter(webhook_secrets::ends_at.is_null()),
    };
    good.execute(tx.conn()).await
}

/// Takes their end from the secrets that are good.
pub(super) async fn keep_secrets(tx: &mut Tx<'_>, webhook: &Row) -> QueryResult<()> {
    let now = tx.now();
    let good = webhook_secrets::table
        .filter(webhook_secrets::clinic_id.eq(webhook.clinic_id))
        .filter(webhook_secrets::webhook_id.eq(webhook.id))
        .filter(webhook_secrets::ends_at.gt(now));
    diesel::update(good).set(webhook_secrets::ends_at.eq(None::<DateTime<Utc>>)).execute(tx.conn()).await?;
    Ok(())
}

/// A delivery as a row.
#[derive(Queryable, Selectable)]
#[diesel(table_name = webhook_deliveries)]
pub(super) struct DeliveryRow {
    pub(super) state: String,
    pub(super) attempts: i32,
    pub(super) next_attempt_at: DateTime<Utc>,
    pub(super) last_attempt_at: Option<DateTime<Utc>>,
    pub(super) last_status: Option<i32>,
}

/// What a webhook was told or is to be told, newest first.
pub(super) async fn deliveries(
    tx: &mut Tx<'_>,
    webhook: &Row,
    state: Option<&str>,
    page: &PageRequest,
) -> QueryResult<Vec<(DeliveryRow, EventRow)>> {
    let mut query = webhook_deliveries::table
        .inner_join(events::table.on(its_event()))
        .filter(webhook_deliveries::clinic_id.eq(webhook.clinic_id))
        .filter(webhook_deliveries::webhook_id.eq(webhook.id))
        .select((DeliveryRow::as_select(), EventRow::as_select()))
        .into_boxed();
    if let Some(state) = state {
        query = query.filter(webhook_deliveries::state.eq(state.to_owned()));
    }
    if let Some(after) = page.after {
        query = query.filter(webhook_deliveries::sequence.lt(after.as_sequence()));
    }
    query.order(webhook_deliveries::sequence.desc()).limit(page.rows()).load(tx.conn()).await
}

#[diesel::dsl::auto_type]
fn its_event() -> _ {
    events::clinic_id.eq(webhook_deliveries::clinic_id).and(events::id.eq(webhook_deliveries::event_id))
}

/// Lets a delivery be tried again from now on, whatever came of it before; `None` if there is none.
pub(super) async fn resend(
    tx: &mut Tx<'_>,
    webhook: &Row,
    event: Uuid,
) -> QueryResult<Option<(DeliveryRow, EventRow)>> {
    use webhook_deliveries as columns;
    let now = tx.now();
    let it = webhook_deliveries::table
        .filter(columns::clinic_id.eq(webhook.clinic_id))
        .filter(columns::webhook_id.eq(webhook.id))
        .filter(columns::event_id.eq(event));
    let row = diesel::update(it)
        .set((
            columns::state.eq("pending"),
            columns::next_attempt_at.eq(now),
            columns::give_up_at.eq(now + PATIENCE),
            columns::finished_at.eq(None::<DateTime<Utc>>),
        ))
        .returning(DeliveryRow::as_returning())
        .get_result(tx.conn())
        .await
        .optional()?;
    let Some(row) = row else { return Ok(None) };
    let event = events::table.find((webhook.clinic_id, event)).select(EventRow::as_select()).first(tx.conn()).await?;
    Ok(Some((row, event)))
}

/// A delivery that somebody has taken up.
#[derive(Debug, Clone, QueryableByName)]
pub(super) struct Claimed {
    #[diesel(sql_type = SqlUuid)]
    pub(super) clinic_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub(super) webhook_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub(super) event_id: Uuid,
    #[diesel(sql_type = Integer)]
    pub(super) attempts: i32,
    #[diesel(sql_type = Timestamptz)]
    pub(super) give_up_at: DateTime<Utc>,
}

/// For so many more webhooks there is room, where a service is busy with these.
fn room(busy: &[Uuid]) -> i64 {
    i64::try_from(MOST_AT_ONCE.saturating_sub(busy.len())).unwrap_or_default()
}

/// Takes up deliveries that are due, of as many webhooks as there is room for, of all and of each clinic's, but of none that this
/// service is busy with. They are not due again for as long as the lease: if this service dies with them, another one takes them.
/// Of one object only the oldest that waits is due. Of an address that fails there is one at a time, to see whether it still does.
pub(super) async fn claim(tx: &mut Tx<'_>, busy: &[Uuid], lease: TimeDelta) -> QueryResult<Vec<Claimed>> {
    let now = tx.now();
    sql_query(
        "with heads as (
             select w.clinic_id, w.id, w.chance, d.event_id
             from (select clinic_id, id, failing_since, random() as chance from webhooks
                 where state = 'active' and id <> all ($2)) w
             cross join lateral (
                 select d.event_id from webhook_deliveries d
                 where d.webhook_id = w.id and d.state = 'pending' and d.next_attempt_at <= $1
                   and not exists (select from webhook_deliveries p where p.webhook_id = d.webhook_id
                       and p.object_id = d.object_id and p.state = 'pending' and p.sequence < d.sequence)
                 order by d.next_attempt_at, d.sequence
                 limit case when w.failing_since is null then 8 else 1 end) d),
         of_clinics as (select *, dense_rank() over (partition by clinic_id order by chance, id) as turn from heads),
         of_all as (select *, dense_rank() over (order by chance, id) as place from of_clinics c
             where turn <= $5 - (select count(*) from webhooks b where b.id = any ($2) and b.clinic_id = c.clinic_id)),
         due as (
             select d.clinic_id, d.webhook_id, d.event_id
             from of_all a join webhook_deliveries d
                 on d.clinic_id = a.clinic_id and d.webhook_id = a.id and d.event_id = a.event_id
             where a.place <= $3 and d.state = 'pending' and d.next_attempt_at <= $1
             for update of d skip locked)
         update webhook_deliveries d
         set attempts = d.attempts + 1, last_attempt_at = $1, next_attempt_at = $4
         from due
         where d.clinic_id = due.clinic_id and d.webhook_id = due.webhook_id and d.event_id = due.event_id
         returning d.clinic_id, d.webhook_id, d.event_id, d.attempts, d.give_up_at",
    )
    .bind::<Timestamptz, _>(now)
    .bind::<Array<SqlUuid>, _>(busy)
    .bind::<BigInt, _>(room(busy))
    .bind::<Timestamptz, _>(now + lease)
    .bind::<BigInt, _>(MOST_OF_A_CLINIC)
    .load(tx.conn())
    .await
}

/// A webhook whose address somebody has taken up to ask.
#[derive(Debug, Clone, QueryableByName)]
pub(super) struct Challenged {
    #[diesel(sql_type = SqlUuid)]
    pub(super) clinic_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub(super) id: Uuid,
    #[diesel(sql_type = Integer)]
    pub(super) challenges: i32,
}

/// Takes up addresses that are to be asked whether they want this, as many as there is room for, of all and of each clinic's.
pub(super) async fn claim_challenges(tx: &mut Tx<'_>, busy: &[Uuid]) -> QueryResult<Vec<Challenged>> {
    let now = tx.now();
    sql_query(
        "with due as (
             select clinic_id, id, row_number() over (partition by clinic_id order by challenge_at, id) as turn
             from webhooks where challenge_at <= $1 and id <> all ($3)),
         asked as (
             select w.id from webhooks w join due d on d.id = w.id
             where d.turn <= $4 - (select count(*) from webhooks b where b.id = any ($3) and b.clinic_id = d.clinic_id)
                 and w.challenge_at <= $1
             order by w.challenge_at limit $2 for update of w skip locked)
         update webhooks w set challenges = w.challenges + 1,
             challenge_at = $1 + interval '30 seconds' * power(2, w.challenges + 1)
         from asked where w.id = asked.id returning w.clinic_id, w.id, w.challenges",
    )
    .bind::<Timestamptz, _>(now)
    .bind::<BigInt, _>(room(busy))
    .bind::<Array<SqlUuid>, _>(busy)
    .bind::<BigInt, _>(MOST_OF_A_CLINIC)
    .load(tx.conn())
    .await
}

/// Notes that the address wants this, unless it is another address by now.
pub(super) async fn verified(tx: &mut Tx<'_>, seen: &Row) -> QueryResult<bool> {
    let now = tx.now();
    let same = webhooks::table
        .filter(webhooks::clinic_id.eq(seen.clinic_id))
        .filter(webhooks::id.eq(seen.id))
        .filter(webhooks::state.eq("pending"))
        .filter(webhooks::url.eq(&seen.url));
    let changed = diesel::update(same)
        .set((
            webhooks::state.eq("active"),
            webhooks::challenge_at.eq(None::<DateTime<Utc>>),
            webhooks::challenges.eq(0),
            webhooks::updated_at.eq(now),
            webhooks::version.eq(webhooks::version + 1),
        ))
        .execute(tx.conn())
        .await?;
    Ok(changed > 0)
}

/// Whether an address was asked often enough.
pub(super) const fn is_asked_out(challenged: &Challenged) -> bool {
    challenged.challenges >= MOST_CHALLENGES
}

/// Disables a webhook, unless it is already, or over; then `false`.
pub(super) async fn disable(tx: &mut Tx<'_>, clinic: Uuid, id: Uuid, because: &'static str) -> QueryResult<bool> {
    let now = tx.now();
    let living = webhooks::table
        .filter(webhooks::clinic_id.eq(clinic))
        .filter(webhooks::id.eq(id))
        .filter(webhooks::state.eq_any(["pending", "active"]));
    let changed = diesel::update(living)
        .set((
            webhooks::state.eq("disabled"),
            webhooks::disabled_because.eq(because),
            webhooks::challenge_at.eq(None::<DateTime<Utc>>),
            webhooks::updated_at.eq(now),
            webhooks::version.eq(webhooks::version + 1),
        ))
        .execute(tx.conn())
        .await?;
    Ok(changed > 0)
}

/// Notes whether the address fails; answers since when it does.
pub(super) async fn note_health(
    tx: &mut Tx<'_>,
    clinic: Uuid,
    id: Uuid,
    fails: bool,
) -> QueryResult<Option<DateTime<Utc>>> {
    let now = tx.now();
    let it = webhooks::table.filter(webhooks::clinic_id.eq(clinic)).filter(webhooks::id.eq(id));
    let since: Option<DateTime<Utc>> =
        it.select(webhooks::failing_since).first::<Option<DateTime<Utc>>>(tx.conn()).await?;
    if since.is_some() == fails {
        return Ok(since);
    }
    let since = fails.then_some(now);
    diesel::update(it).set(webhooks::failing_since.eq(since)).execute(tx.conn()).await?;
    Ok(since)
}

/// What becomes of a delivery that was tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// The address took it.
    Delivered,
    /// It is tried again after this time.
    Again(TimeDelta),
    /// It was tried for long enough.
    Failed,
    /// It is not to be told.
    Refused,
}

/// Keeps what came of a try, unless somebody else has taken the delivery up since.
pub(super) async fn settle(tx: &mut Tx<'_>, claimed: &Claimed, fate: Fate, status: Option<u16>) -> QueryResult<bool> {
    use webhook_deliveries as columns;
    let now = tx.now();
    let state = match fate {
        Fate::Delivered => "delivered",
        Fate::Again(_) => "pending",
        Fate::Failed => "failed",
        Fate::Refused => "refused",
    };
    let next = if let Fate::Again(wait) = fate { now + wait } else { now };
    let ours = webhook_deliveries::table
        .find((claimed.clinic_id, claimed.webhook_id, claimed.event_id))
        .filter(columns::attempts.eq(claimed.attempts))
        .filter(columns::state.eq("pending"));
    let changed = diesel::update(ours)
        .set((
            columns::state.eq(state),
            columns::next_attempt_at.eq(next),
            columns::last_status.eq(status.map(i32::from)),
            columns::finished_at.eq((state != "pending").then_some(now)),
        ))
        .execute(tx.conn())
        .await?;
    Ok(changed > 0)
}

/// The addresses of a clinic's owners.
pub(super) async fn owners(tx: &mut Tx<'_>, clinic: Uuid) -> QueryResult<Vec<String>> {
    members::table
        .filter(members::clinic_id.eq(clinic))
        .filter(members::state.eq("active"))
        .filter(members::role.eq("owner"))
        .order(members::id)
        .select(members::email)
        .load(tx.conn())
        .await
}
