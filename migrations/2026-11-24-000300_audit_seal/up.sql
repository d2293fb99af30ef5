-- The audit log becomes one that anyone can check: its events are sealed into a Merkle tree, in an order that no slow
-- transaction can slip behind, and the roots of the tree are signed.
--
-- The columns have defaults that differ from row to row, so that this rewrites the table once; it comes before the log
-- has grown. An insert sends nothing more than before.

alter table audit_events
    add column xid  xid8 not null default pg_current_xact_id(),
    add column salt uuid not null default gen_random_uuid();
comment on column audit_events.xid is
    'The transaction that wrote it. Ids and times are taken before a commit, so that neither tells what is complete; every row of a transaction older than the oldest that still runs is.';
comment on column audit_events.salt is 'So that the hash of an event can not be undone by trying.';
create index audit_by_transaction on audit_events (xid, id);

create table audit_leaves (
    leaf_index bigint primary key check (leaf_index >= 0),
    event_id   uuid not null unique,
    xid        xid8 not null,
    encoding   smallint not null,
    leaf_hash  bytea not null check (length(leaf_hash) = 32)
);
comment on table audit_leaves is
    'The order in which the events were sealed, without a gap, and what each was. It refers to an event and does not hold on to it: where one is removed its leaf stays and tells.';

create table audit_nodes (
    level    smallint not null check (level > 0),
    position bigint not null check (position >= 0),
    hash     bytea not null check (length(hash) = 32),
    primary key (level, position)
);
comment on table audit_nodes is
    'The complete subtrees above the leaves: a proof reads a few of these instead of the whole log. They follow from the leaves.';

create table audit_checkpoints (
    size          bigint primary key check (size > 0),
    origin        text not null,
    root          bytea not null check (length(root) = 32),
    previous_root bytea check (length(previous_root) = 32),
    sealed_at     timestamptz not null,
    public_key    bytea not null check (length(public_key) = 32),
    signature     bytea not null check (length(signature) = 64)
);
comment on table audit_checkpoints is 'The signed roots: how many events there were, and the root of their tree.';

-- "Always": a session that plays a replica is held to it too.
alter table audit_events enable always trigger append_only;
create trigger append_only before update or delete or truncate on audit_leaves for each statement execute function refuse_change();
create trigger append_only before update or delete or truncate on audit_nodes for each statement execute function refuse_change();
create trigger append_only before update or delete or truncate on audit_checkpoints for each statement execute function refuse_change();
alter table audit_leaves enable always trigger append_only;
alter table audit_nodes enable always trigger append_only;
alter table audit_checkpoints enable always trigger append_only;

-- Leaves, nodes and checkpoints hold hashes and belong to no tenant: everybody may check the log, the sealer alone adds to it.
do $$
declare name text;
begin
    foreach name in array array['audit_leaves', 'audit_nodes', 'audit_checkpoints'] loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
        execute format('create policy anyones on %I for select to rapport_tenant, rapport_auditor using (true)', name);
        execute format('create policy sealing on %I to rapport_sealer using (true) with check (true)', name);
        execute format('grant select on %I to rapport_tenant, rapport_auditor', name);
        execute format('grant select, insert on %I to rapport_sealer', name);
    end loop;
end $$;
