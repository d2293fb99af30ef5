do $$
declare thing record;
begin
    for thing in select policyname, tablename from pg_policies where schemaname = 'public' loop
        execute format('drop policy %I on %I', thing.policyname, thing.tablename);
    end loop;
    for thing in select relname from pg_class where relnamespace = 'public'::regnamespace and relrowsecurity loop
        execute format('alter table %I no force row level security', thing.relname);
        execute format('alter table %I disable row level security', thing.relname);
    end loop;
end $$;

drop view open_sections, open_shares, unreadable_consents, clinical_reader;
drop function consent_reaches(consents, text, text[], timestamptz), purpose_key(text), hold_consents_of(uuid, bigint);
create function hold_consents_of(patient uuid) returns boolean language plpgsql as $$
begin
    perform pg_advisory_xact_lock_shared(consents_lock_key(patient));
    return true;
end $$;
alter function await_readings_of(uuid) reset search_path;
alter function consents_wait_for_readings() reset search_path;
alter function consents_keep_their_terms() reset search_path;
alter function refuse_change() reset search_path;

drop index shares_of_patient;
alter table consent_links drop patient_id,
    add foreign key (clinic_id, consent_id) references consents (clinic_id, id);
alter table consents drop constraint consents_of_patient;
create index consents_of_patient on consents (clinic_id, patient_id, id);
alter table consents drop constraint consents_superseded_by_fkey,
    add constraint consents_superseded_by_fkey foreign key (superseded_by) references consents;

alter default privileges grant execute on functions to public;
grant execute on all functions in schema public to public;
revoke all on all tables in schema public
    from rapport_tenant, rapport_sign_in, rapport_link, rapport_worker, rapport_sealer, rapport_auditor;
revoke all on all functions in schema public
    from rapport_tenant, rapport_sign_in, rapport_link, rapport_worker, rapport_sealer, rapport_auditor;
