-- What is in the storage, or sealed, can't be fetched by SQL: this takes back the schema of a database that keeps nothing there.
do $$
begin
    if exists (select from attachment_usage) or exists (select from consent_forms) then
        raise exception 'files can''t be taken back into the database; restore the backup from before';
    end if;
end $$;
drop policy keeping on consent_forms;
drop policy housekeeping on consent_forms;
revoke all on consent_forms from rapport_worker, rapport_keeper;
drop trigger never_change on consent_forms;
drop index consent_forms_of_patient;
drop index consent_forms_by_object;
alter table consent_forms
    drop constraint consent_forms_data_key,
    drop constraint consent_forms_here_or_in_the_storage,
    drop constraint consent_forms_of_one_patient,
    drop column key_version, drop column details, drop column size, drop column object_id, drop column patient_id,
    alter column content set not null,
    add constraint consent_forms_clinic_id_consent_id_fkey foreign key (clinic_id, consent_id) references consents (clinic_id, id);
drop policy disclosed on attachments;
drop policy disclosed_to_a_guest on attachments;
drop table attachment_usage;
drop table version_attachments;
drop table attachments;
drop function sealed_files_never_change();
