drop table audit_checkpoints, audit_nodes, audit_leaves;
alter table audit_events enable trigger append_only;
alter table audit_events drop column salt, drop column xid;
