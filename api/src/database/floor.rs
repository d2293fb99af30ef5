//! The floor, checked: a database on which the service would not be safe is refused, with the reason (45 CFR 164.312(a)(1)).
//!
//! Row level security has well-known holes: a role that owns or bypasses, a table that is not forced, a view that runs as its
//! owner. Each is a question to the catalog here, asked at every start and by a test that makes each hole once.

use super::connect;
use anyhow::{Context, ensure};
use diesel::sql_types::{Nullable, Text};
use diesel_async::{AsyncPgConnection, RunQueryDsl};

/// What is wrong with the connected role, the schema or its rules. Each question answers a row for each hole.
const HOLES: &[&str] = &[
    // The role that serves.
    "select format('the role %s is a superuser, bypasses row level security, or makes roles or databases; serve as a role that \
     has none of these', rolname) as hole from pg_roles where rolname = session_user \
     and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication)",
    "select format('the role %s has all rights of its kinds of work at once; make it NOINHERIT', rolname) as hole from pg_roles where rolname = session_user and rolinherit",
    "select format('the role %s is a member of %s, which is none of the service''s kinds of work; revoke that', m.rolname, g.rolname) \
     as hole from pg_auth_members a join pg_roles g on g.oid = a.roleid join pg_roles m on m.oid = a.member \
     where (m.rolname = session_user or m.rolname in ('rapport_tenant', 'rapport_sign_in', 'rapport_link', 'rapport_worker', \
     'rapport_sealer')) and g.rolname not in ('rapport_tenant', 'rapport_sign_in', 'rapport_link', 'rapport_worker', \
     'rapport_sealer')",
    "select format('the role %s of the service may log in, is a superuser or bypasses row level security', rolname) as hole \
     from pg_roles where rolname in ('rapport_owner', 'rapport_tenant', 'rapport_sign_in', 'rapport_link', 'rapport_worker', \
     'rapport_sealer') and (rolsuper or rolbypassrls or rolcanlogin)",
    "select format('the role %s owns %s; hand it to rapport_owner', session_user, relname) as hole from pg_class \
     where relnamespace = 'public'::regnamespace and relowner in (select oid from pg_roles where rolname = session_user)",
    "select format('%s may make things in the schema public; revoke that', r.rolname) as hole from pg_roles r \
     where (r.rolname = session_user or r.rolname in ('rapport_tenant', 'rapport_sign_in', 'rapport_link', 'rapport_worker', \
     'rapport_sealer', 'rapport_auditor')) and not r.rolsuper and has_schema_privilege(r.oid, 'public', 'create')",
    // Tables, and what a grant would let through.
    "select format('row level security is not enabled and forced on %s', relname) as hole from pg_class \
     where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and relname <> '__diesel_schema_migrations' \
     and not (relrowsecurity and relforcerowsecurity)",
    "select format('%s may truncate, refer to or put triggers on %s, or is granted it as PUBLIC', \
     coalesce(nullif(grantee, 0)::regrole::text, 'public'), relname) as hole from pg_class, aclexplode(relacl) \
     where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v') and grantee <> relowner \
     and (grantee = 0 or privilege_type in ('TRUNCATE', 'REFERENCES', 'TRIGGER'))",
    "select format('%s may change or delete what stands in %s', grantee::regrole, relname) as hole from pg_class, \
     aclexplode(relacl) where relnamespace = 'public'::regnamespace and relname in ('audit_events', 'audit_leaves', 'audit_nodes', \
     'audit_checkpoints', 'report_versions') and grantee <> relowner and privilege_type in ('UPDATE', 'DELETE')",
    "select format('the policy %s on %s is for everybody; name the roles', policyname, tablename) as hole from pg_policies \
     where schemaname = 'public' and 'public' = any(roles)",
    // Ways around a policy.
    "select format('the view %s runs as its owner; make it security_invoker', relname) as hole from pg_class \
     where relnamespace = 'public'::regnamespace and relkind = 'v' \
     and not coalesce('security_invoker=true' = any(reloptions), false)",
    "select format('the materialized view %s keeps rows of every tenant', relname) as hole from pg_class \
     where relnamespace = 'public'::regnamespace and relkind = 'm'",
    "select format('the function %s runs as its owner, or tells the planner that it leaks nothing', p.oid::regprocedure) as hole \
     from pg_proc p where pronamespace = 'public'::regnamespace and (prosecdef or proleakproof) \
     and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')",
    "select format('the function %s looks names up wherever its caller says; set its search_path', p.oid::regprocedure) as hole \
     from pg_proc p where pronamespace = 'public'::regnamespace and prolang = (select oid from pg_language where \
     lanname = 'plpgsql') and not coalesce(proconfig::text like '%search_path%', false) and proname not like 'diesel%'",
    "select format('everybody may execute %s', p.oid::regprocedure) as hole from pg_proc p, \
     aclexplode(coalesce(proacl, acldefault('f', proowner))) where pronamespace = 'public'::regnamespace and grantee = 0 \
     and proname not like 'diesel%' and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')",
    "select format('the foreign key %s on %s leads to a tenant''s table without the tenant', c.conname, c.conrelid::regclass) \
     as hole from pg_constraint c where c.contype = 'f' and c.connamespace = 'public'::regnamespace \
     and exists (select from pg_attribute where attrelid = c.confrelid and attname = 'clinic_id' and not attisdropped) \
     and exists (select from pg_attribute where attrelid = c.conrelid and attname = 'clinic_id' and not attisdropped) \
     and not exists (select from pg_attribute where attrelid = c.confrelid and attname = 'clinic_id' and attnum = any(c.confkey))",
    // What Postgres writes down, and where it looks names up.
    "select format('Postgres may log the values of statements; for the role %s set %s = 0', session_user, name) as hole \
     from pg_settings where name in ('log_parameter_max_length', 'log_parameter_max_length_on_error') and setting <> '0' \
     and (current_setting('log_statement') <> 'none' or current_setting('log_min_duration_statement') <> '-1' \
          or name = 'log_parameter_max_length_on_error')",
    "select format('names are looked up in %s; for the role %s set search_path = public', setting, session_user) as hole \
     from pg_settings where name = 'search_path' and setting <> 'public'",
];

/// Settings without which an acknowledged write can be lost.
const LOSSES: &str = "select format('%s is %s: what was acknowledged could be lost; set it to on', name, setting) as hole \
    from pg_settings where name in ('fsync', 'full_page_writes', 'synchronous_commit') and setting = 'off'";

#[derive(diesel::QueryableByName)]
struct Hole {
    #[diesel(sql_type = Nullable<Text>)]
    hole: Option<String>,
}

/// Refuses a database on which it is not safe to serve by this address.
///
/// # Errors
/// A line for each hole that was found, with what to change.
pub async fn check(service_url: &str, must_last: bool) -> anyhow::Result<()> {
    let mut conn = connect(service_url).await.context("the database can't be reached as the service's own role")?;
    let mut found = holes(&mut conn).await?;
    if must_last {
        found.extend(ask(&mut conn, LOSSES).await?);
    }
    ensure!(found.is_empty(), "the database is not safe to serve from:\n{}", found.join("\n"));
    Ok(())
}

/// Every hole in the floor under the connected role.
///
/// # Errors
/// Whatever the database answers.
pub async fn holes(conn: &mut AsyncPgConnection) -> diesel::QueryResult<Vec<String>> {
    let mut found = Vec::new();
    for question in HOLES {
        found.extend(ask(conn, question).await?);
    }
    Ok(found)
}

async fn ask(conn: &mut AsyncPgConnection, question: &str) -> diesel::QueryResult<Vec<String>> {
    let rows: Vec<Hole> = diesel::sql_query(question).load(conn).await?;
    Ok(rows.into_iter().filter_map(|row| row.hole).collect())
}
