//! The SQL of rotating and shredding. Tables and columns come from the inventory, never from outside.

use super::inventory::{SEALED, Sealed, Subject as Whose};
use crate::{
    audit::{self, Event},
    database::{
        Tx,
        ids::new_id,
        schema::{clinic_keys, data_keys, key_rotations, patient_tokens, patients},
    },
    http::ApiError,
    vault::{self, DataKey, KeyRow, Place, Wrapped},
};
use chrono::{DateTime, Utc};
use diesel::{
    prelude::*,
    sql_types::{BigInt, Binary, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

/// Rows that are sealed anew at a time.
const BATCH: i64 = 500;

/// A patient, or an office, with keys.
#[derive(Debug, Clone, QueryableByName)]
pub(super) struct Subject {
    #[diesel(sql_type = SqlUuid)]
    pub(super) clinic_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub(super) subject_id: Uuid,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// Which subjects have something to be done: those whose newest key is older than the run, and those that were left with two.
const SUBJECTS: &str = "from (select clinic_id, subject_id from data_keys
    where subject_id <> '00000000-0000-0000-0000-000000000000' and shredded_at is null
    group by clinic_id, subject_id having max(created_at) < $1 or count(*) > 1) as due";

pub(super) async fn subjects(
    tx: &mut Tx<'_>,
    started: DateTime<Utc>,
    after: Option<&Subject>,
) -> QueryResult<Vec<Subject>> {
    let (clinic, subject) = after.map_or((Uuid::nil(), Uuid::nil()), |after| (after.clinic_id, after.subject_id));
    diesel::sql_query(format!(
        "select clinic_id, subject_id {SUBJECTS} where (clinic_id, subject_id) > ($2, $3) order by 1, 2 limit {BATCH}"
    ))
    .bind::<Timestamptz, _>(started)
    .bind::<SqlUuid, _>(clinic)
    .bind::<SqlUuid, _>(subject)
    .load(tx.conn())
    .await
}

pub(super) async fn count_subjects(tx: &mut Tx<'_>, started: DateTime<Utc>) -> QueryResult<i64> {
    let query = diesel::sql_query(format!("select count(*) as count {SUBJECTS}")).bind::<Timestamptz, _>(started);
    Ok(query.get_result::<Count>(tx.conn()).await?.count)
}

/// Subjects that were there before there was a vault, and nobody has sealed yet.
pub(super) async fn unsealed(tx: &mut Tx<'_>) -> QueryResult<Vec<Subject>> {
    data_keys::table
        .filter(data_keys::version.eq(0))
        .order((data_keys::clinic_id, data_keys::subject_id))
        .limit(BATCH)
        .select((data_keys::clinic_id, data_keys::subject_id))
        .load::<(Uuid, Uuid)>(tx.conn())
        .await
        .map(|rows| rows.into_iter().map(|(clinic_id, subject_id)| Subject { clinic_id, subject_id }).collect())
}

pub(super) async fn count_unsealed(tx: &mut Tx<'_>) -> QueryResult<i64> {
    data_keys::table.filter(data_keys::version.eq(0)).count().get_result(tx.conn()).await
}

/// A subject's keys, the newest first, held: whoever writes with one of them has committed before.
async fn keys_of(tx: &mut Tx<'_>, subject: &Subject) -> QueryResult<Vec<KeyRow>> {
    data_keys::table
        .filter(data_keys::clinic_id.eq(subject.clinic_id))
        .filter(data_keys::subject_id.eq(subject.subject_id))
        .order(data_keys::version.desc())
        .select(KeyRow::as_select())
        .for_update()
        .load(tx.conn())
        .await
}

/// Makes a subject's next key, unless it has one that is younger than the run.
pub(super) async fn renew(tx: &mut Tx<'_>, subject: &Subject, started: DateTime<Utc>) -> QueryResult<()> {
    let Some(newest) = keys_of(tx, subject).await?.into_iter().next() else { return Ok(()) };
    let created_at: DateTime<Utc> = data_keys::table
        .find((subject.clinic_id, subject.subject_id, newest.version))
        .select(data_keys::created_at)
        .first(tx.conn())
        .await?;
    if created_at < started && (newest.version == 0 || newest.wrapped.is_some()) {
        let clinic_key = vault::newest_clinic_key(tx, subject.clinic_id).await?;
        vault::make(tx, subject.clinic_id, subject.subject_id, newest.version + 1, clinic_key).await?;
    }
    Ok(())
}

/// Seals with a subject's newest key what stands under its older ones, and forgets those. Answers the number of rows.
pub(super) async fn reseal(tx: &mut Tx<'_>, subject: &Subject) -> Result<u64, ApiError> {
    let mut keys = keys_of(tx, subject).await?.into_iter();
    let Some(newest) = keys.next().filter(|newest| newest.wrapped.is_some()) else { return Ok(0) };
    let newest = vault::unlock(tx, &newest).await?;
    let is_office = subject.subject_id == subject.clinic_id;
    let mut rows = 0;
    for old in keys {
        let old_key = if old.version == 0 { None } else { Some(vault::unlock(tx, &old).await?) };
        for sealed in SEALED.iter().filter(|sealed| (sealed.subject == Whose::Office) == is_office) {
            rows += reseal_table(tx, sealed, subject, (old.version, old_key.as_ref()), &newest).await?;
        }
        let old = data_keys::table.find((old.clinic_id, old.subject_id, old.version));
        diesel::delete(old).execute(tx.conn()).await?;
    }
    let event = Event::new(subject.clinic_id, "key.rotate").on(subject.subject_id);
    let event = if is_office { event } else { event.patient(subject.subject_id) };
    audit::record(tx, event);
    Ok(rows)
}

#[derive(QueryableByName)]
struct SealedRow {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = Integer)]
    number: i32,
    #[diesel(sql_type = Nullable<Binary>)]
    first: Option<Vec<u8>>,
    #[diesel(sql_type = Nullable<Binary>)]
    second: Option<Vec<u8>>,
    #[diesel(sql_type = Nullable<Binary>)]
    third: Option<Vec<u8>>,
}

async fn reseal_table(
    tx: &mut Tx<'_>,
    sealed: &Sealed,
    subject: &Subject,
    (old_version, old): (i32, Option<&DataKey>),
    new: &DataKey,
) -> QueryResult<u64> {
    let Sealed { table, id, version, columns, .. } = sealed;
    let whose = match sealed.subject {
        Whose::Patient(column) => column,
        Whose::Office => "clinic_id",
    };
    let number = sealed.number.unwrap_or("0");
    let column = |place: usize| columns.get(place).copied().unwrap_or("null::bytea");
    let select = format!(
        "select {id} as id, {number} as number, {} as first, {} as second, {} as third from {table} \
         where clinic_id = $1 and {whose} = $2 and {version} = $3 limit {BATCH} for update",
        column(0),
        column(1),
        column(2)
    );
    let set: Vec<String> = columns.iter().zip(5..).map(|(column, at)| format!("{column} = ${at}")).collect();
    let update = format!(
        "update {table} set {}, {version} = $4 where clinic_id = $1 and {id} = $2 and {number} = $3",
        set.join(", ")
    );
    let mut count = 0;
    loop {
        let rows: Vec<SealedRow> = diesel::sql_query(&select)
            .bind::<SqlUuid, _>(subject.clinic_id)
            .bind::<SqlUuid, _>(subject.subject_id)
            .bind::<Integer, _>(old_version)
            .load(tx.conn())
            .await?;
        if rows.is_empty() {
            return Ok(count);
        }
        for row in rows {
            count += 1;
            let mut values = Vec::with_capacity(columns.len());
            for (column, value) in columns.iter().zip([&row.first, &row.second, &row.third]) {
                let place = Place { table, column, row: row.id, number: row.number };
                values.push(value.as_deref().map(|value| again(value, &place, old, new)).transpose()?);
            }
            let mut update = diesel::sql_query(&update)
                .bind::<SqlUuid, _>(subject.clinic_id)
                .bind::<SqlUuid, _>(row.id)
                .bind::<Integer, _>(row.number)
                .bind::<Integer, _>(new.version())
                .into_boxed();
            for value in values {
                update = update.bind::<Nullable<Binary>, _>(value);
            }
            update.execute(tx.conn()).await?;
        }
    }
}

/// Seals a value once more. What a migration brought over in the clear has no key yet.
fn again(value: &[u8], place: &Place, old: Option<&DataKey>, new: &DataKey) -> Result<Vec<u8>, vault::Error> {
    match old {
        Some(old) => new.seal(place, &old.open(place, value)?),
        None => new.seal(place, vault::brought_over(value).ok_or(vault::Error::Refused)?),
    }
}

/// Clinics, after this one, in the order of their ids.
pub(super) async fn clinics(tx: &mut Tx<'_>, after: Uuid) -> QueryResult<Vec<Uuid>> {
    clinic_keys::table
        .filter(clinic_keys::clinic_id.gt(after))
        .distinct()
        .order(clinic_keys::clinic_id)
        .limit(BATCH)
        .select(clinic_keys::clinic_id)
        .load(tx.conn())
        .await
}

pub(super) async fn count_clinics(tx: &mut Tx<'_>) -> QueryResult<i64> {
    let query = diesel::sql_query("select count(distinct clinic_id) as count from clinic_keys");
    Ok(query.get_result::<Count>(tx.conn()).await?.count)
}

/// Makes a clinic's next key, unless it has one that is younger than the run.
pub(super) async fn renew_clinic(tx: &mut Tx<'_>, clinic: Uuid, started: DateTime<Utc>) -> QueryResult<()> {
    let (newest, created_at): (i32, DateTime<Utc>) = clinic_keys::table
        .filter(clinic_keys::clinic_id.eq(clinic))
        .order(clinic_keys::version.desc())
        .select((clinic_keys::version, clinic_keys::created_at))
        .for_update()
        .first(tx.conn())
        .await?;
    if created_at < started {
        vault::make_clinic_key(tx, clinic, newest + 1).await?;
    }
    Ok(())
}

/// Wraps with a clinic's newest key what its older ones wrap, and forgets those. One batch; `false` when all is done.
pub(super) async fn rewrap(tx: &mut Tx<'_>, clinic: Uuid) -> Result<bool, ApiError> {
    let versions: Vec<i32> = clinic_keys::table
        .filter(clinic_keys::clinic_id.eq(clinic))
        .order(clinic_keys::version.desc())
        .select(clinic_keys::version)
        .for_update()
        .load(tx.conn())
        .await?;
    let Some(newest) = versions.iter().max().copied() else { return Ok(false) };
    let rows: Vec<KeyRow> = data_keys::table
        .filter(data_keys::clinic_id.eq(clinic))
        .filter(data_keys::clinic_key_version.lt(newest))
        .limit(BATCH)
        .select(KeyRow::as_select())
        .for_update()
        .load(tx.conn())
        .await?;
    for row in &rows {
        // Of a key that was shredded there is nothing to wrap.
        let wrapped = vault::rewrapped(tx, row, newest).await?;
        diesel::update(data_keys::table.find((row.clinic_id, row.subject_id, row.version)))
            .set((data_keys::clinic_key_version.eq(newest), data_keys::wrapped.eq(wrapped)))
            .execute(tx.conn())
            .await?;
    }
    if !rows.is_empty() {
        return Ok(true);
    }
    let older = clinic_keys::table.filter(clinic_keys::clinic_id.eq(clinic)).filter(clinic_keys::version.lt(newest));
    if diesel::delete(older).execute(tx.conn()).await? > 0 {
        audit::record(tx, Event::new(clinic, "key.rotate").on(clinic));
    }
    Ok(false)
}

/// Wraps a clinic's keys with the newest root key, where another one does.
pub(super) async fn rewrap_clinic(tx: &mut Tx<'_>, clinic: Uuid) -> Result<(), ApiError> {
    let newest = tx.vault().root().newest().await.map_err(diesel::result::Error::from)?;
    let rows: Vec<(i32, String, Vec<u8>)> = clinic_keys::table
        .filter(clinic_keys::clinic_id.eq(clinic))
        .filter(clinic_keys::root_id.ne(newest))
        .select((clinic_keys::version, clinic_keys::root_id, clinic_keys::wrapped))
        .for_update()
        .load(tx.conn())
        .await?;
    if rows.is_empty() {
        return Ok(());
    }
    for (version, root, key) in rows {
        let again = vault::wrapped_anew(tx, clinic, version, &Wrapped { root, key }).await?;
        diesel::update(clinic_keys::table.find((clinic, version)))
            .set((clinic_keys::root_id.eq(again.root), clinic_keys::wrapped.eq(again.key)))
            .execute(tx.conn())
            .await?;
    }
    audit::record(tx, Event::new(clinic, "key.rotate").on(clinic));
    Ok(())
}

/// How many clinics' keys each root key wraps.
pub(super) async fn roots(tx: &mut Tx<'_>) -> QueryResult<Vec<(String, i64)>> {
    clinic_keys::table
        .group_by(clinic_keys::root_id)
        .order(clinic_keys::root_id)
        .select((clinic_keys::root_id, diesel::dsl::count_star()))
        .load(tx.conn())
        .await
}

/// Keys of clinics and of subjects, how many of those were shredded, and how many subjects have two keys.
#[derive(QueryableByName)]
pub(super) struct Totals {
    #[diesel(sql_type = BigInt)]
    pub(super) clinics: i64,
    #[diesel(sql_type = BigInt)]
    pub(super) subjects: i64,
    #[diesel(sql_type = BigInt)]
    pub(super) shredded: i64,
    #[diesel(sql_type = BigInt)]
    pub(super) halfway: i64,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub(super) oldest: Option<DateTime<Utc>>,
}

pub(super) async fn totals(tx: &mut Tx<'_>) -> QueryResult<Totals> {
    diesel::sql_query(
        "select (select count(distinct clinic_id) from clinic_keys) as clinics, count(*) as subjects, \
         count(*) filter (where is_shredded) as shredded, count(*) filter (where keys > 1) as halfway, \
         min(newest) filter (where not is_shredded) as oldest from \
         (select count(*) as keys, max(created_at) as newest, bool_and(shredded_at is not null) as is_shredded \
          from data_keys where subject_id <> '00000000-0000-0000-0000-000000000000' group by clinic_id, subject_id) as of_subject",
    )
    .get_result(tx.conn())
    .await
}

/// The rotations that were begun and have not ended, by level.
pub(super) async fn unfinished(tx: &mut Tx<'_>) -> QueryResult<Vec<(String, DateTime<Utc>)>> {
    key_rotations::table
        .filter(key_rotations::finished_at.is_null())
        .order(key_rotations::started_at)
        .select((key_rotations::level, key_rotations::started_at))
        .load(tx.conn())
        .await
}

/// The rotation of a level: one that was begun and not finished, or a new one.
pub(super) struct Rotation {
    pub(super) id: Uuid,
    pub(super) started_at: DateTime<Utc>,
    /// The newest root key when it began.
    pub(super) root_before: Option<String>,
}

pub(super) async fn begin(tx: &mut Tx<'_>, level: &str) -> QueryResult<Rotation> {
    let begun = key_rotations::table
        .filter(key_rotations::level.eq(level))
        .filter(key_rotations::finished_at.is_null())
        .select((key_rotations::id, key_rotations::started_at, key_rotations::root_before))
        .first::<(Uuid, DateTime<Utc>, Option<String>)>(tx.conn())
        .await
        .optional()?;
    if let Some((id, started_at, root_before)) = begun {
        return Ok(Rotation { id, started_at, root_before });
    }
    let rotation =
        Rotation { id: new_id(), started_at: tx.now(), root_before: Some(tx.vault().root().newest().await?) };
    diesel::insert_into(key_rotations::table)
        .values((
            key_rotations::id.eq(rotation.id),
            key_rotations::level.eq(level),
            key_rotations::started_at.eq(rotation.started_at),
            key_rotations::root_before.eq(&rotation.root_before),
        ))
        .execute(tx.conn())
        .await?;
    Ok(rotation)
}

pub(super) async fn finish(tx: &mut Tx<'_>, rotation: Uuid) -> QueryResult<()> {
    let now = tx.now();
    diesel::update(key_rotations::table.find(rotation))
        .set(key_rotations::finished_at.eq(now))
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// The clinic of a patient whose keys are not shredded yet.
pub(super) async fn clinic_of(tx: &mut Tx<'_>, patient: Uuid) -> QueryResult<Option<Uuid>> {
    patients::table
        .inner_join(data_keys::table.on(data_keys::subject_id.eq(patients::id)))
        .filter(patients::id.eq(patient))
        .filter(data_keys::wrapped.is_not_null())
        .select(patients::clinic_id)
        .first(tx.conn())
        .await
        .optional()
}

/// Destroys a patient's keys: nothing that they sealed opens any more, wherever a copy of it is. What the patient was found
/// by goes too.
pub(super) async fn shred(tx: &mut Tx<'_>, clinic: Uuid, patient: Uuid) -> Result<(), ApiError> {
    let now = tx.now();
    let keys = data_keys::table
        .filter(data_keys::clinic_id.eq(clinic))
        .filter(data_keys::subject_id.eq(patient))
        .filter(data_keys::version.gt(0));
    diesel::update(keys)
        .set((data_keys::wrapped.eq(None::<Vec<u8>>), data_keys::shredded_at.eq(now)))
        .execute(tx.conn())
        .await?;
    let tokens = patient_tokens::table
        .filter(patient_tokens::clinic_id.eq(clinic))
        .filter(patient_tokens::patient_id.eq(patient));
    diesel::delete(tokens).execute(tx.conn()).await?;
    diesel::update(patients::table.filter(patients::clinic_id.eq(clinic)).filter(patients::id.eq(patient)))
        .set(patients::mrn_token.eq(None::<i64>))
        .execute(tx.conn())
        .await?;
    audit::record(tx, Event::new(clinic, "key.shred").on(patient).patient(patient));
    Ok(())
}

/// What a row of before the vault says in the clear, with its id.
#[derive(QueryableByName)]
pub(super) struct Plain {
    #[diesel(sql_type = SqlUuid)]
    pub(super) id: Uuid,
    #[diesel(sql_type = Binary)]
    pub(super) value: Vec<u8>,
}

/// What a column of a subject's unsealed rows says.
pub(super) async fn plain(
    tx: &mut Tx<'_>,
    (table, column, whose, version): (&'static str, &'static str, &'static str, &'static str),
    subject: &Subject,
) -> QueryResult<Vec<Plain>> {
    diesel::sql_query(format!(
        "select id, {column} as value from {table} where clinic_id = $1 and {whose} = $2 and {version} = 0 and {column} is not null"
    ))
    .bind::<SqlUuid, _>(subject.clinic_id)
    .bind::<SqlUuid, _>(subject.subject_id)
    .load(tx.conn())
    .await
}

/// Makes a patient found by tokens.
pub(super) async fn set_tokens(
    tx: &mut Tx<'_>,
    subject: &Subject,
    tokens: &[i64],
    mrn: Option<i64>,
) -> QueryResult<()> {
    use patient_tokens as columns;
    let rows: Vec<_> = tokens
        .iter()
        .map(|token| {
            (
                columns::clinic_id.eq(subject.clinic_id),
                columns::token.eq(*token),
                columns::patient_id.eq(subject.subject_id),
            )
        })
        .collect();
    diesel::insert_into(patient_tokens::table).values(rows).on_conflict_do_nothing().execute(tx.conn()).await?;
    diesel::update(patients::table.filter(patients::id.eq(subject.subject_id)))
        .set(patients::mrn_token.eq(mrn))
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Sets what the gate compares of a consent.
pub(super) async fn set_compared(
    tx: &mut Tx<'_>,
    consent: Uuid,
    recipients: serde_json::Value,
    purpose: &str,
) -> QueryResult<()> {
    diesel::sql_query("update consents set recipients = $2, purpose = $3 where id = $1")
        .bind::<SqlUuid, _>(consent)
        .bind::<diesel::sql_types::Jsonb, _>(recipients)
        .bind::<Text, _>(purpose)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Sets what the gate compares of a share. Where there is nothing to keep to oneself it needs no envelope.
pub(super) async fn set_addressed(
    tx: &mut Tx<'_>,
    share: Uuid,
    purpose: &str,
    address: Option<&str>,
    keeps_envelope: bool,
) -> QueryResult<()> {
    diesel::sql_query(
        "update shares set purpose = $2, recipient_email = $3, \
         recipient_name = case when $3 is null then recipient_name else '' end, \
         envelope = case when $4 then envelope end, office_key_version = case when $4 then office_key_version end where id = $1",
    )
    .bind::<SqlUuid, _>(share)
    .bind::<Text, _>(purpose)
    .bind::<Nullable<Text>, _>(address)
    .bind::<diesel::sql_types::Bool, _>(keeps_envelope)
    .execute(tx.conn())
    .await?;
    Ok(())
}
