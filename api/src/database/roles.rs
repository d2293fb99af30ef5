//! The roles of the floor: who owns, who does which kind of work, and as whom the service logs in.
//!
//! Roles belong to the cluster, so the migrations can't make them. Whoever administers makes them here, before the first
//! migration, and the login role of this database after the last one; that role owns nothing, has no right of its own, and
//! takes up one kind of work for each transaction. The service drops the administrator's connection before it serves.

use super::connect;
use crate::identity::secrets::Secrets;
use anyhow::{Context, anyhow};
use diesel::sql_types::{Bool, Text};
use diesel_async::{AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};
use secrecy::ExposeSecret;
use url::Url;

/// Owns tables and functions. Nobody logs in as it, and the service can't become it.
pub const OWNER: &str = "rapport_owner";

/// What the service does, each with its own rights.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// For a clinic, by somebody who signed in.
    Tenant,
    /// Before it is known who acts.
    SignIn,
    /// For a patient or guest at a link.
    Link,
    /// Delivering, forgetting, looking after itself.
    Worker,
    /// Sealing the audit log.
    Sealer,
    /// Rotating keys and sealing anew, from outside of the service, which can't become it.
    Keeper,
}

impl Kind {
    /// What the service's login may take up.
    const ALL: [Self; 5] = [Self::Tenant, Self::SignIn, Self::Link, Self::Worker, Self::Sealer];

    /// The role's name.
    pub const fn role(self) -> &'static str {
        match self {
            Self::Tenant => "rapport_tenant",
            Self::SignIn => "rapport_sign_in",
            Self::Link => "rapport_link",
            Self::Worker => "rapport_worker",
            Self::Sealer => "rapport_sealer",
            Self::Keeper => "rapport_keeper",
        }
    }
}

/// Makes what is missing of the cluster's roles, hands tables that an administrator made to the owner, and closes the schema
/// and the database to the public. It changes nothing where all is well. Services on databases of one cluster may do this at
/// once: who comes second finds the role made.
const PREPARE: &str = "
do $$
declare kind text; thing record;
begin
    foreach kind in array array['rapport_owner', 'rapport_tenant', 'rapport_sign_in', 'rapport_link', 'rapport_worker',
        'rapport_sealer', 'rapport_auditor', 'rapport_keeper'] loop
        if not exists (select from pg_roles where rolname = kind) then
            begin
                execute format('create role %I nologin noinherit', kind);
            exception when duplicate_object or unique_violation then null;
            end;
        end if;
    end loop;
    if not (pg_has_role('rapport_owner', 'member') and pg_has_role('rapport_keeper', 'member')) then
        execute format('grant rapport_owner, rapport_keeper to %I', current_user);
    end if;
    if not has_schema_privilege('rapport_owner', 'public', 'create') then
        grant usage, create on schema public to rapport_owner;
        grant usage on schema public to rapport_tenant, rapport_sign_in, rapport_link, rapport_worker, rapport_sealer,
            rapport_auditor;
    end if;
    if exists (select from pg_namespace, aclexplode(coalesce(nspacl, acldefault('n', nspowner)))
               where nspname = 'public' and grantee = 0) then
        revoke all on schema public from public;
    end if;
    if not has_schema_privilege('rapport_keeper', 'public', 'usage') then
        grant usage on schema public to rapport_keeper;
    end if;
    if exists (select from pg_database, aclexplode(coalesce(datacl, acldefault('d', datdba)))
               where datname = current_database() and grantee = 0) then
        execute format('revoke all on database %I from public', current_database());
    end if;
    for thing in select oid::regclass as name from pg_class where relnamespace = 'public'::regnamespace
        and relkind in ('r', 'p', 'v') and relowner <> 'rapport_owner'::regrole loop
        execute format('alter table %s owner to rapport_owner', thing.name);
    end loop;
    for thing in select oid::regprocedure as name from pg_proc p where pronamespace = 'public'::regnamespace
        and proowner <> 'rapport_owner'::regrole
        and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e') loop
        execute format('alter routine %s owner to rapport_owner', thing.name);
    end loop;
end $$";

/// Makes the login role named in `rapport.login`, or brings it back to what it may be.
const ADMIT: &str = "
do $$
declare login name := current_setting('rapport.login'); kind text;
begin
    if not exists (select from pg_roles where rolname = login) then
        begin
            execute format('create role %I login noinherit password %L', login, current_setting('rapport.verifier'));
        exception when duplicate_object or unique_violation then null;
        end;
    end if;
    if exists (select from pg_roles where rolname = login and
               (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication or rolinherit or not rolcanlogin))
    then
        execute format('alter role %I login noinherit nosuperuser nobypassrls nocreaterole nocreatedb noreplication', login);
    end if;
    for kind in select g.rolname from pg_auth_members m join pg_roles g on g.oid = m.roleid
        where m.member = login::regrole and g.rolname <> all (current_setting('rapport.kinds')::text[]) loop
        execute format('revoke %I from %I', kind, login);
    end loop;
    foreach kind in array current_setting('rapport.kinds')::text[] loop
        if not exists (select from pg_auth_members where roleid = kind::regrole and member = login::regrole) then
            begin
                execute format('grant %I to %I', kind, login);
            exception when unique_violation then null;
            end;
        end if;
    end loop;
    if not has_database_privilege(login, current_database(), 'connect') then
        execute format('grant connect on database %I to %I', current_database(), login);
    end if;
    if not exists (select from pg_db_role_setting s where setrole = login::regrole and 'lc_messages=C' = any(setconfig)
                   and setdatabase = (select oid from pg_database where datname = current_database())) then
        execute format('alter role %I in database %I set search_path = public', login, current_database());
        execute format('alter role %I in database %I set log_parameter_max_length_on_error = 0', login, current_database());
        begin
            execute format('alter role %I in database %I set log_parameter_max_length = 0', login, current_database());
            execute format('alter role %I in database %I set log_min_error_statement = panic', login, current_database());
            execute format('alter role %I in database %I set log_error_verbosity = terse', login, current_database());
            execute format('alter role %I in database %I set lc_messages = %L', login, current_database(), 'C');
        exception when insufficient_privilege then null;
        end;
    end if;
    -- A statement with the floor's policies in it looks dear to the planner and takes a millisecond: to compile it took seconds.
    if not exists (select from pg_db_role_setting s where setrole = login::regrole and 'jit=off' = any(setconfig)
                   and setdatabase = (select oid from pg_database where datname = current_database())) then
        execute format('alter role %I in database %I set jit = off', login, current_database());
    end if;
    -- What is answered is a page, looked up by indexes. A plan made once for all pages took a merge for cheaper, which read every
    -- key of the clinic for each search.
    if not exists (select from pg_db_role_setting s where setrole = login::regrole and 'enable_mergejoin=off' = any(setconfig)
                   and setdatabase = (select oid from pg_database where datname = current_database())) then
        execute format('alter role %I in database %I set enable_mergejoin = off', login, current_database());
    end if;
end $$";

#[derive(diesel::QueryableByName)]
struct Administration {
    #[diesel(sql_type = Bool)]
    may: bool,
}

#[derive(diesel::QueryableByName)]
struct Name {
    #[diesel(sql_type = Text)]
    name: String,
}

/// Whether this connection may migrate and make roles: as superuser, by CREATEROLE, or as a member of the owner.
///
/// # Errors
/// Whatever the database answers.
pub async fn may_administer(conn: &mut AsyncPgConnection) -> diesel::QueryResult<bool> {
    let sql = "select rolsuper or rolcreaterole or coalesce((select pg_has_role(oid, 'member') from pg_roles where \
               rolname = 'rapport_owner'), false) as may from pg_roles where rolname = current_user";
    Ok(diesel::sql_query(sql).get_result::<Administration>(conn).await?.may)
}

/// Makes the cluster's roles and becomes the owner, for migrations.
///
/// # Errors
/// Whatever the database answers.
pub async fn become_owner(conn: &mut AsyncPgConnection) -> anyhow::Result<()> {
    conn.batch_execute(PREPARE).await.context("the database's roles could not be made")?;
    Ok(conn.batch_execute("SET ROLE rapport_owner").await?)
}

/// Makes the login role of this database and answers the address to serve by. The role is named after the database: another
/// database of the cluster has another one. Its password follows from the service's secret, so that each service of this
/// database knows it and it is kept nowhere.
///
/// # Errors
/// Whatever the database answers.
pub async fn admit(url: &str, secrets: &Secrets) -> anyhow::Result<String> {
    let mut conn = connect(url).await?;
    let database = "select current_database()::text as name";
    let database = diesel::sql_query(database).get_result::<Name>(&mut conn).await?.name;
    let login = login_of(&database);
    let password = secrets.database_password(&login);
    let verifier = postgres_protocol::password::scram_sha_256(password.expose_secret().as_bytes());
    let kinds = format!("{{{}}}", Kind::ALL.map(Kind::role).join(","));
    // What a statement is made of is bound; the verifier is no password, and stands in no log.
    diesel::sql_query(
        "select set_config('rapport.login', $1, false), set_config('rapport.verifier', $2, false), \
         set_config('rapport.kinds', $3, false)",
    )
    .bind::<Text, _>(&login)
    .bind::<Text, _>(&verifier)
    .bind::<Text, _>(&kinds)
    .execute(&mut conn)
    .await?;
    conn.batch_execute(ADMIT).await.context("the service's login role could not be made")?;
    let service = with_login(url, &login, password.expose_secret())?;
    if connect(&service).await.is_err() {
        // It was made with another secret.
        let set = "do $$ begin execute format('alter role %I password %L', current_setting('rapport.login'), \
                   current_setting('rapport.verifier')); end $$";
        conn.batch_execute(set).await.context("the service's login role could not be given its password")?;
    }
    Ok(service)
}

/// A name for the login role, which may have 63 bytes.
fn login_of(database: &str) -> String {
    let suffix = "_app";
    let most = 63 - suffix.len();
    if database.len() <= most {
        return format!("{database}{suffix}");
    }
    let mark = crate::identity::secrets::sha256_hex(database.as_bytes());
    let mark: String = mark.chars().take(16).collect();
    let start: String = database.chars().take(10).collect();
    format!("{start}_{mark}{suffix}")
}

/// The address with another login.
fn with_login(url: &str, login: &str, password: &str) -> anyhow::Result<String> {
    let mut url = Url::parse(url).context("the database's address")?;
    let others: Vec<(String, String)> = url
        .query_pairs()
        .filter(|(name, _)| name != "user" && name != "password")
        .map(|(n, v)| (n.into(), v.into()))
        .collect();
    url.set_query(None);
    if !others.is_empty() {
        url.query_pairs_mut().extend_pairs(others);
    }
    let no_place = |()| anyhow!("the database's address has no place for a login; give one with a host");
    url.set_username(login).map_err(no_place)?;
    url.set_password(Some(password)).map_err(no_place)?;
    Ok(url.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_login_takes_the_place_of_the_administrators_and_the_rest_of_the_address_stays() {
        for (given, expected) in [
            ("postgres://me:mine@%2Ftmp%2Frun/world", "postgres://a_app:hidden@%2Ftmp%2Frun/world"),
            (
                "postgres://db.example.org:6432/a?sslmode=require",
                "postgres://a_app:hidden@db.example.org:6432/a?sslmode=require",
            ),
            ("postgres://localhost/a?user=me&password=mine", "postgres://a_app:hidden@localhost/a"),
        ] {
            assert_eq!(with_login(given, "a_app", "hidden").unwrap(), expected);
        }
    }

    #[test]
    fn a_login_fits_a_name_of_postgres_and_is_the_databases_own() {
        let long = "x".repeat(63);
        assert_eq!(login_of("rapport"), "rapport_app");
        assert!(login_of(&long).len() <= 63 && login_of(&long) != login_of(&"x".repeat(62)));
        assert!(login_of(&"é".repeat(31)).len() <= 63);
    }
}
