"""Guards: records that never change or vanish are kept by the database itself."""

from __future__ import annotations

from tortoise import BaseDBAsyncClient

from migrations import ddl

SQLITE = ('CREATE TRIGGER IF NOT EXISTS "guard_anomalies_grading_update" BEFORE UPDATE ON "anomalies_grading" BEGIN SELECT '
 "RAISE(ABORT, 'anomalies_grading is a kept record: append what changes it (UPDATE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_anomalies_grading_delete" BEFORE DELETE ON "anomalies_grading" BEGIN SELECT '
 "RAISE(ABORT, 'anomalies_grading is a kept record: append what changes it (DELETE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_anomalies_rules_update" BEFORE UPDATE ON "anomalies_rules" BEGIN SELECT '
 "RAISE(ABORT, 'anomalies_rules is a kept record: append what changes it (UPDATE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_anomalies_rules_delete" BEFORE DELETE ON "anomalies_rules" BEGIN SELECT '
 "RAISE(ABORT, 'anomalies_rules is a kept record: append what changes it (DELETE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_anomalies_supplement_update" BEFORE UPDATE ON "anomalies_supplement" BEGIN '
 "SELECT RAISE(ABORT, 'anomalies_supplement is a kept record: append what changes it (UPDATE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_anomalies_supplement_delete" BEFORE DELETE ON "anomalies_supplement" BEGIN '
 "SELECT RAISE(ABORT, 'anomalies_supplement is a kept record: append what changes it (DELETE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_anomalies_clocks_update" BEFORE UPDATE ON "anomalies_clocks" BEGIN SELECT '
 "RAISE(ABORT, 'anomalies_clocks is a kept record: append what changes it (UPDATE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_anomalies_clocks_delete" BEFORE DELETE ON "anomalies_clocks" BEGIN SELECT '
 "RAISE(ABORT, 'anomalies_clocks is a kept record: append what changes it (DELETE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_calendars_rule_update" BEFORE UPDATE ON "calendars_rule" BEGIN SELECT '
 "RAISE(ABORT, 'calendars_rule is a kept record: append what changes it (UPDATE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_calendars_rule_delete" BEFORE DELETE ON "calendars_rule" BEGIN SELECT '
 "RAISE(ABORT, 'calendars_rule is a kept record: append what changes it (DELETE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_calendars_warned_update" BEFORE UPDATE ON "calendars_warned" BEGIN SELECT '
 "RAISE(ABORT, 'calendars_warned is a kept record: append what changes it (UPDATE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_calendars_warned_delete" BEFORE DELETE ON "calendars_warned" BEGIN SELECT '
 "RAISE(ABORT, 'calendars_warned is a kept record: append what changes it (DELETE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_clients_token_update" BEFORE UPDATE ON "clients_token" BEGIN SELECT '
 "RAISE(ABORT, 'clients_token is a kept record: append what changes it (UPDATE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_clients_token_delete" BEFORE DELETE ON "clients_token" BEGIN SELECT '
 "RAISE(ABORT, 'clients_token is a kept record: append what changes it (DELETE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_conditions_chunk_update" BEFORE UPDATE ON "conditions_chunk" BEGIN SELECT '
 "RAISE(ABORT, 'conditions_chunk is a kept record: append what changes it (UPDATE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_conditions_chunk_delete" BEFORE DELETE ON "conditions_chunk" BEGIN SELECT '
 "RAISE(ABORT, 'conditions_chunk is a kept record: append what changes it (DELETE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_conditions_reading_update" BEFORE UPDATE ON "conditions_reading" BEGIN SELECT '
 "RAISE(ABORT, 'conditions_reading is a kept record: append what changes it (UPDATE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_conditions_reading_delete" BEFORE DELETE ON "conditions_reading" BEGIN SELECT '
 "RAISE(ABORT, 'conditions_reading is a kept record: append what changes it (DELETE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_conditions_series_update" BEFORE UPDATE ON "conditions_series" BEGIN SELECT '
 "RAISE(ABORT, 'conditions_series is a kept record: append what changes it (UPDATE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_conditions_series_delete" BEFORE DELETE ON "conditions_series" BEGIN SELECT '
 "RAISE(ABORT, 'conditions_series is a kept record: append what changes it (DELETE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_epcis_concern_update" BEFORE UPDATE ON "epcis_concern" BEGIN SELECT '
 "RAISE(ABORT, 'epcis_concern is a kept record: append what changes it (UPDATE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_epcis_concern_delete" BEFORE DELETE ON "epcis_concern" BEGIN SELECT '
 "RAISE(ABORT, 'epcis_concern is a kept record: append what changes it (DELETE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_epcis_deed_update" BEFORE UPDATE ON "epcis_deed" BEGIN SELECT RAISE(ABORT, '
 "'epcis_deed is a kept record: append what changes it (UPDATE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_epcis_deed_delete" BEFORE DELETE ON "epcis_deed" BEGIN SELECT RAISE(ABORT, '
 "'epcis_deed is a kept record: append what changes it (DELETE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_epcis_event_update" BEFORE UPDATE ON "epcis_event" BEGIN SELECT RAISE(ABORT, '
 "'epcis_event is a kept record: append what changes it (UPDATE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_epcis_event_delete" BEFORE DELETE ON "epcis_event" BEGIN SELECT RAISE(ABORT, '
 "'epcis_event is a kept record: append what changes it (DELETE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_epcis_location_update" BEFORE UPDATE ON "epcis_location" BEGIN SELECT '
 "RAISE(ABORT, 'epcis_location is a kept record: append what changes it (UPDATE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_epcis_location_delete" BEFORE DELETE ON "epcis_location" BEGIN SELECT '
 "RAISE(ABORT, 'epcis_location is a kept record: append what changes it (DELETE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_epcis_mention_update" BEFORE UPDATE ON "epcis_mention" BEGIN SELECT '
 "RAISE(ABORT, 'epcis_mention is a kept record: append what changes it (UPDATE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_epcis_mention_delete" BEFORE DELETE ON "epcis_mention" BEGIN SELECT '
 "RAISE(ABORT, 'epcis_mention is a kept record: append what changes it (DELETE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_escalation_acknowledgement_update" BEFORE UPDATE ON '
 '"escalation_acknowledgement" BEGIN SELECT RAISE(ABORT, \'escalation_acknowledgement is a kept record: append what '
 "changes it (UPDATE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_escalation_acknowledgement_delete" BEFORE DELETE ON '
 '"escalation_acknowledgement" BEGIN SELECT RAISE(ABORT, \'escalation_acknowledgement is a kept record: append what '
 "changes it (DELETE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_escalation_policy_update" BEFORE UPDATE ON "escalation_policy" BEGIN SELECT '
 "RAISE(ABORT, 'escalation_policy is a kept record: append what changes it (UPDATE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_escalation_policy_delete" BEFORE DELETE ON "escalation_policy" BEGIN SELECT '
 "RAISE(ABORT, 'escalation_policy is a kept record: append what changes it (DELETE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_escalation_tell_update" BEFORE UPDATE ON "escalation_tell" BEGIN SELECT '
 "RAISE(ABORT, 'escalation_tell is a kept record: append what changes it (UPDATE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_escalation_tell_delete" BEFORE DELETE ON "escalation_tell" BEGIN SELECT '
 "RAISE(ABORT, 'escalation_tell is a kept record: append what changes it (DELETE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_evidence_evidence_update" BEFORE UPDATE ON "evidence_evidence" BEGIN SELECT '
 "RAISE(ABORT, 'evidence_evidence is a kept record: append what changes it (UPDATE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_evidence_evidence_delete" BEFORE DELETE ON "evidence_evidence" BEGIN SELECT '
 "RAISE(ABORT, 'evidence_evidence is a kept record: append what changes it (DELETE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_evidence_link_update" BEFORE UPDATE ON "evidence_link" BEGIN SELECT '
 "RAISE(ABORT, 'evidence_link is a kept record: append what changes it (UPDATE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_evidence_link_delete" BEFORE DELETE ON "evidence_link" BEGIN SELECT '
 "RAISE(ABORT, 'evidence_link is a kept record: append what changes it (DELETE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_inspections_characteristic_update" BEFORE UPDATE ON '
 '"inspections_characteristic" BEGIN SELECT RAISE(ABORT, \'inspections_characteristic is a kept record: append what '
 "changes it (UPDATE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_inspections_characteristic_delete" BEFORE DELETE ON '
 '"inspections_characteristic" BEGIN SELECT RAISE(ABORT, \'inspections_characteristic is a kept record: append what '
 "changes it (DELETE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_inspections_finding_update" BEFORE UPDATE ON "inspections_finding" BEGIN '
 "SELECT RAISE(ABORT, 'inspections_finding is a kept record: append what changes it (UPDATE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_inspections_finding_delete" BEFORE DELETE ON "inspections_finding" BEGIN '
 "SELECT RAISE(ABORT, 'inspections_finding is a kept record: append what changes it (DELETE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_inspections_method_update" BEFORE UPDATE ON "inspections_method" BEGIN SELECT '
 "RAISE(ABORT, 'inspections_method is a kept record: append what changes it (UPDATE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_inspections_method_delete" BEFORE DELETE ON "inspections_method" BEGIN SELECT '
 "RAISE(ABORT, 'inspections_method is a kept record: append what changes it (DELETE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_inspections_report_update" BEFORE UPDATE ON "inspections_report" BEGIN SELECT '
 "RAISE(ABORT, 'inspections_report is a kept record: append what changes it (UPDATE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_inspections_report_delete" BEFORE DELETE ON "inspections_report" BEGIN SELECT '
 "RAISE(ABORT, 'inspections_report is a kept record: append what changes it (DELETE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_inspections_result_update" BEFORE UPDATE ON "inspections_result" BEGIN SELECT '
 "RAISE(ABORT, 'inspections_result is a kept record: append what changes it (UPDATE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_inspections_result_delete" BEFORE DELETE ON "inspections_result" BEGIN SELECT '
 "RAISE(ABORT, 'inspections_result is a kept record: append what changes it (DELETE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_inspections_value_update" BEFORE UPDATE ON "inspections_value" BEGIN SELECT '
 "RAISE(ABORT, 'inspections_value is a kept record: append what changes it (UPDATE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_inspections_value_delete" BEFORE DELETE ON "inspections_value" BEGIN SELECT '
 "RAISE(ABORT, 'inspections_value is a kept record: append what changes it (DELETE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_ledger_checkpoint_update" BEFORE UPDATE ON "ledger_checkpoint" BEGIN SELECT '
 "RAISE(ABORT, 'ledger_checkpoint is a kept record: append what changes it (UPDATE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_ledger_checkpoint_delete" BEFORE DELETE ON "ledger_checkpoint" BEGIN SELECT '
 "RAISE(ABORT, 'ledger_checkpoint is a kept record: append what changes it (DELETE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_ledger_entry_update" BEFORE UPDATE ON "ledger_entry" BEGIN SELECT RAISE(ABORT, '
 "'ledger_entry is a kept record: append what changes it (UPDATE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_ledger_entry_delete" BEFORE DELETE ON "ledger_entry" BEGIN SELECT RAISE(ABORT, '
 "'ledger_entry is a kept record: append what changes it (DELETE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_ledger_leaf_update" BEFORE UPDATE ON "ledger_leaf" BEGIN SELECT RAISE(ABORT, '
 "'ledger_leaf is a kept record: append what changes it (UPDATE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_ledger_leaf_delete" BEFORE DELETE ON "ledger_leaf" BEGIN SELECT RAISE(ABORT, '
 "'ledger_leaf is a kept record: append what changes it (DELETE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_lots_link_update" BEFORE UPDATE ON "lots_link" BEGIN SELECT RAISE(ABORT, '
 "'lots_link is a kept record: append what changes it (UPDATE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_lots_link_delete" BEFORE DELETE ON "lots_link" BEGIN SELECT RAISE(ABORT, '
 "'lots_link is a kept record: append what changes it (DELETE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_lots_operation_update" BEFORE UPDATE ON "lots_operation" BEGIN SELECT '
 "RAISE(ABORT, 'lots_operation is a kept record: append what changes it (UPDATE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_lots_operation_delete" BEFORE DELETE ON "lots_operation" BEGIN SELECT '
 "RAISE(ABORT, 'lots_operation is a kept record: append what changes it (DELETE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_orders_stage_lot_update" BEFORE UPDATE ON "orders_stage_lot" BEGIN SELECT '
 "RAISE(ABORT, 'orders_stage_lot is a kept record: append what changes it (UPDATE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_orders_stage_lot_delete" BEFORE DELETE ON "orders_stage_lot" BEGIN SELECT '
 "RAISE(ABORT, 'orders_stage_lot is a kept record: append what changes it (DELETE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_lots_link_void_update" BEFORE UPDATE ON "lots_link_void" BEGIN SELECT '
 "RAISE(ABORT, 'lots_link_void is a kept record: append what changes it (UPDATE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_lots_link_void_delete" BEFORE DELETE ON "lots_link_void" BEGIN SELECT '
 "RAISE(ABORT, 'lots_link_void is a kept record: append what changes it (DELETE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_people_access_log_update" BEFORE UPDATE ON "people_access_log" BEGIN SELECT '
 "RAISE(ABORT, 'people_access_log is a kept record: append what changes it (UPDATE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_people_access_log_delete" BEFORE DELETE ON "people_access_log" BEGIN SELECT '
 "RAISE(ABORT, 'people_access_log is a kept record: append what changes it (DELETE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_products_bom_update" BEFORE UPDATE ON "products_bom" BEGIN SELECT RAISE(ABORT, '
 "'products_bom is a kept record: append what changes it (UPDATE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_products_bom_delete" BEFORE DELETE ON "products_bom" BEGIN SELECT RAISE(ABORT, '
 "'products_bom is a kept record: append what changes it (DELETE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_products_bom_line_update" BEFORE UPDATE ON "products_bom_line" BEGIN SELECT '
 "RAISE(ABORT, 'products_bom_line is a kept record: append what changes it (UPDATE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_products_bom_line_delete" BEFORE DELETE ON "products_bom_line" BEGIN SELECT '
 "RAISE(ABORT, 'products_bom_line is a kept record: append what changes it (DELETE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_products_factor_update" BEFORE UPDATE ON "products_factor" BEGIN SELECT '
 "RAISE(ABORT, 'products_factor is a kept record: append what changes it (UPDATE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_products_factor_delete" BEFORE DELETE ON "products_factor" BEGIN SELECT '
 "RAISE(ABORT, 'products_factor is a kept record: append what changes it (DELETE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_products_parameter_update" BEFORE UPDATE ON "products_parameter" BEGIN SELECT '
 "RAISE(ABORT, 'products_parameter is a kept record: append what changes it (UPDATE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_products_parameter_delete" BEFORE DELETE ON "products_parameter" BEGIN SELECT '
 "RAISE(ABORT, 'products_parameter is a kept record: append what changes it (DELETE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_sensors_chunk_update" BEFORE UPDATE ON "sensors_chunk" BEGIN SELECT '
 "RAISE(ABORT, 'sensors_chunk is a kept record: append what changes it (UPDATE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_sensors_chunk_delete" BEFORE DELETE ON "sensors_chunk" BEGIN SELECT '
 "RAISE(ABORT, 'sensors_chunk is a kept record: append what changes it (DELETE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_sensors_rule_update" BEFORE UPDATE ON "sensors_rule" BEGIN SELECT RAISE(ABORT, '
 "'sensors_rule is a kept record: append what changes it (UPDATE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_sensors_rule_delete" BEFORE DELETE ON "sensors_rule" BEGIN SELECT RAISE(ABORT, '
 "'sensors_rule is a kept record: append what changes it (DELETE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_signing_assertion_update" BEFORE UPDATE ON "signing_assertion" BEGIN SELECT '
 "RAISE(ABORT, 'signing_assertion is a kept record: append what changes it (UPDATE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_signing_assertion_delete" BEFORE DELETE ON "signing_assertion" BEGIN SELECT '
 "RAISE(ABORT, 'signing_assertion is a kept record: append what changes it (DELETE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_signing_policy_update" BEFORE UPDATE ON "signing_policy" BEGIN SELECT '
 "RAISE(ABORT, 'signing_policy is a kept record: append what changes it (UPDATE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_signing_policy_delete" BEFORE DELETE ON "signing_policy" BEGIN SELECT '
 "RAISE(ABORT, 'signing_policy is a kept record: append what changes it (DELETE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_signing_signature_update" BEFORE UPDATE ON "signing_signature" BEGIN SELECT '
 "RAISE(ABORT, 'signing_signature is a kept record: append what changes it (UPDATE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_signing_signature_delete" BEFORE DELETE ON "signing_signature" BEGIN SELECT '
 "RAISE(ABORT, 'signing_signature is a kept record: append what changes it (DELETE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_signing_voiding_update" BEFORE UPDATE ON "signing_voiding" BEGIN SELECT '
 "RAISE(ABORT, 'signing_voiding is a kept record: append what changes it (UPDATE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_signing_voiding_delete" BEFORE DELETE ON "signing_voiding" BEGIN SELECT '
 "RAISE(ABORT, 'signing_voiding is a kept record: append what changes it (DELETE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_sop_template_update" BEFORE UPDATE ON "sop_template" BEGIN SELECT RAISE(ABORT, '
 "'sop_template is a kept record: append what changes it (UPDATE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_sop_template_delete" BEFORE DELETE ON "sop_template" BEGIN SELECT RAISE(ABORT, '
 "'sop_template is a kept record: append what changes it (DELETE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_witness_acknowledgement_update" BEFORE UPDATE ON "witness_acknowledgement" '
 "BEGIN SELECT RAISE(ABORT, 'witness_acknowledgement is a kept record: append what changes it (UPDATE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_witness_acknowledgement_delete" BEFORE DELETE ON "witness_acknowledgement" '
 "BEGIN SELECT RAISE(ABORT, 'witness_acknowledgement is a kept record: append what changes it (DELETE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_witness_cosignature_update" BEFORE UPDATE ON "witness_cosignature" BEGIN '
 "SELECT RAISE(ABORT, 'witness_cosignature is a kept record: append what changes it (UPDATE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_witness_cosignature_delete" BEFORE DELETE ON "witness_cosignature" BEGIN '
 "SELECT RAISE(ABORT, 'witness_cosignature is a kept record: append what changes it (DELETE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_witness_stamp_update" BEFORE UPDATE ON "witness_stamp" BEGIN SELECT '
 "RAISE(ABORT, 'witness_stamp is a kept record: append what changes it (UPDATE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_witness_stamp_delete" BEFORE DELETE ON "witness_stamp" BEGIN SELECT '
 "RAISE(ABORT, 'witness_stamp is a kept record: append what changes it (DELETE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_anomalies_anomaly_delete" BEFORE DELETE ON "anomalies_anomaly" BEGIN SELECT '
 "RAISE(ABORT, 'anomalies_anomaly is a kept record: append what changes it (DELETE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_anomalies_extension_delete" BEFORE DELETE ON "anomalies_extension" BEGIN '
 "SELECT RAISE(ABORT, 'anomalies_extension is a kept record: append what changes it (DELETE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_anomalies_supplier_clock_delete" BEFORE DELETE ON "anomalies_supplier_clock" '
 "BEGIN SELECT RAISE(ABORT, 'anomalies_supplier_clock is a kept record: append what changes it (DELETE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_calendars_day_delete" BEFORE DELETE ON "calendars_day" BEGIN SELECT '
 "RAISE(ABORT, 'calendars_day is a kept record: append what changes it (DELETE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_calendars_shift_delete" BEFORE DELETE ON "calendars_shift" BEGIN SELECT '
 "RAISE(ABORT, 'calendars_shift is a kept record: append what changes it (DELETE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_capa_action_delete" BEFORE DELETE ON "capa_action" BEGIN SELECT RAISE(ABORT, '
 "'capa_action is a kept record: append what changes it (DELETE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_capa_capa_delete" BEFORE DELETE ON "capa_capa" BEGIN SELECT RAISE(ABORT, '
 "'capa_capa is a kept record: append what changes it (DELETE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_clients_client_delete" BEFORE DELETE ON "clients_client" BEGIN SELECT '
 "RAISE(ABORT, 'clients_client is a kept record: append what changes it (DELETE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_clients_sandbox_delete" BEFORE DELETE ON "clients_sandbox" BEGIN SELECT '
 "RAISE(ABORT, 'clients_sandbox is a kept record: append what changes it (DELETE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_clients_secret_delete" BEFORE DELETE ON "clients_secret" BEGIN SELECT '
 "RAISE(ABORT, 'clients_secret is a kept record: append what changes it (DELETE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_duty_absence_delete" BEFORE DELETE ON "duty_absence" BEGIN SELECT RAISE(ABORT, '
 "'duty_absence is a kept record: append what changes it (DELETE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_duty_override_delete" BEFORE DELETE ON "duty_override" BEGIN SELECT '
 "RAISE(ABORT, 'duty_override is a kept record: append what changes it (DELETE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_duty_rotation_delete" BEFORE DELETE ON "duty_rotation" BEGIN SELECT '
 "RAISE(ABORT, 'duty_rotation is a kept record: append what changes it (DELETE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_duty_swap_delete" BEFORE DELETE ON "duty_swap" BEGIN SELECT RAISE(ABORT, '
 "'duty_swap is a kept record: append what changes it (DELETE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_duty_watch_delete" BEFORE DELETE ON "duty_watch" BEGIN SELECT RAISE(ABORT, '
 "'duty_watch is a kept record: append what changes it (DELETE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_epcis_capture_delete" BEFORE DELETE ON "epcis_capture" BEGIN SELECT '
 "RAISE(ABORT, 'epcis_capture is a kept record: append what changes it (DELETE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_epcis_held_delete" BEFORE DELETE ON "epcis_held" BEGIN SELECT RAISE(ABORT, '
 "'epcis_held is a kept record: append what changes it (DELETE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_escalation_run_delete" BEFORE DELETE ON "escalation_run" BEGIN SELECT '
 "RAISE(ABORT, 'escalation_run is a kept record: append what changes it (DELETE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_inspections_sample_delete" BEFORE DELETE ON "inspections_sample" BEGIN SELECT '
 "RAISE(ABORT, 'inspections_sample is a kept record: append what changes it (DELETE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_ledger_key_delete" BEFORE DELETE ON "ledger_key" BEGIN SELECT RAISE(ABORT, '
 "'ledger_key is a kept record: append what changes it (DELETE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_imports_run_delete" BEFORE DELETE ON "imports_run" BEGIN SELECT RAISE(ABORT, '
 "'imports_run is a kept record: append what changes it (DELETE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_lots_hold_delete" BEFORE DELETE ON "lots_hold" BEGIN SELECT RAISE(ABORT, '
 "'lots_hold is a kept record: append what changes it (DELETE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_lots_lot_delete" BEFORE DELETE ON "lots_lot" BEGIN SELECT RAISE(ABORT, '
 "'lots_lot is a kept record: append what changes it (DELETE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_lots_rehearsal_delete" BEFORE DELETE ON "lots_rehearsal" BEGIN SELECT '
 "RAISE(ABORT, 'lots_rehearsal is a kept record: append what changes it (DELETE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_lots_serial_delete" BEFORE DELETE ON "lots_serial" BEGIN SELECT RAISE(ABORT, '
 "'lots_serial is a kept record: append what changes it (DELETE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_lots_shipment_delete" BEFORE DELETE ON "lots_shipment" BEGIN SELECT '
 "RAISE(ABORT, 'lots_shipment is a kept record: append what changes it (DELETE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_orders_handover_delete" BEFORE DELETE ON "orders_handover" BEGIN SELECT '
 "RAISE(ABORT, 'orders_handover is a kept record: append what changes it (DELETE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_orders_leg_delete" BEFORE DELETE ON "orders_leg" BEGIN SELECT RAISE(ABORT, '
 "'orders_leg is a kept record: append what changes it (DELETE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_orders_order_delete" BEFORE DELETE ON "orders_order" BEGIN SELECT RAISE(ABORT, '
 "'orders_order is a kept record: append what changes it (DELETE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_orders_stage_delete" BEFORE DELETE ON "orders_stage" BEGIN SELECT RAISE(ABORT, '
 "'orders_stage is a kept record: append what changes it (DELETE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_people_contact_delete" BEFORE DELETE ON "people_contact" BEGIN SELECT '
 "RAISE(ABORT, 'people_contact is a kept record: append what changes it (DELETE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_people_engagement_delete" BEFORE DELETE ON "people_engagement" BEGIN SELECT '
 "RAISE(ABORT, 'people_engagement is a kept record: append what changes it (DELETE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_people_identity_delete" BEFORE DELETE ON "people_identity" BEGIN SELECT '
 "RAISE(ABORT, 'people_identity is a kept record: append what changes it (DELETE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_people_invite_delete" BEFORE DELETE ON "people_invite" BEGIN SELECT '
 "RAISE(ABORT, 'people_invite is a kept record: append what changes it (DELETE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_people_link_delete" BEFORE DELETE ON "people_link" BEGIN SELECT RAISE(ABORT, '
 "'people_link is a kept record: append what changes it (DELETE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_people_organisation_delete" BEFORE DELETE ON "people_organisation" BEGIN '
 "SELECT RAISE(ABORT, 'people_organisation is a kept record: append what changes it (DELETE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_people_person_delete" BEFORE DELETE ON "people_person" BEGIN SELECT '
 "RAISE(ABORT, 'people_person is a kept record: append what changes it (DELETE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_people_responsibility_delete" BEFORE DELETE ON "people_responsibility" BEGIN '
 "SELECT RAISE(ABORT, 'people_responsibility is a kept record: append what changes it (DELETE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_people_role_delete" BEFORE DELETE ON "people_role" BEGIN SELECT RAISE(ABORT, '
 "'people_role is a kept record: append what changes it (DELETE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_people_session_delete" BEFORE DELETE ON "people_session" BEGIN SELECT '
 "RAISE(ABORT, 'people_session is a kept record: append what changes it (DELETE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_people_site_delete" BEFORE DELETE ON "people_site" BEGIN SELECT RAISE(ABORT, '
 "'people_site is a kept record: append what changes it (DELETE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_products_identifier_delete" BEFORE DELETE ON "products_identifier" BEGIN '
 "SELECT RAISE(ABORT, 'products_identifier is a kept record: append what changes it (DELETE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_products_product_delete" BEFORE DELETE ON "products_product" BEGIN SELECT '
 "RAISE(ABORT, 'products_product is a kept record: append what changes it (DELETE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_sensors_episode_delete" BEFORE DELETE ON "sensors_episode" BEGIN SELECT '
 "RAISE(ABORT, 'sensors_episode is a kept record: append what changes it (DELETE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_sensors_sensor_delete" BEFORE DELETE ON "sensors_sensor" BEGIN SELECT '
 "RAISE(ABORT, 'sensors_sensor is a kept record: append what changes it (DELETE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_sensors_standing_delete" BEFORE DELETE ON "sensors_standing" BEGIN SELECT '
 "RAISE(ABORT, 'sensors_standing is a kept record: append what changes it (DELETE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_signing_ceremony_delete" BEFORE DELETE ON "signing_ceremony" BEGIN SELECT '
 "RAISE(ABORT, 'signing_ceremony is a kept record: append what changes it (DELETE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_signing_delegation_delete" BEFORE DELETE ON "signing_delegation" BEGIN SELECT '
 "RAISE(ABORT, 'signing_delegation is a kept record: append what changes it (DELETE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_signing_factor_delete" BEFORE DELETE ON "signing_factor" BEGIN SELECT '
 "RAISE(ABORT, 'signing_factor is a kept record: append what changes it (DELETE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_signing_passkey_delete" BEFORE DELETE ON "signing_passkey" BEGIN SELECT '
 "RAISE(ABORT, 'signing_passkey is a kept record: append what changes it (DELETE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_signing_proposal_delete" BEFORE DELETE ON "signing_proposal" BEGIN SELECT '
 "RAISE(ABORT, 'signing_proposal is a kept record: append what changes it (DELETE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_signing_session_delete" BEFORE DELETE ON "signing_session" BEGIN SELECT '
 "RAISE(ABORT, 'signing_session is a kept record: append what changes it (DELETE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_webhooks_subscription_delete" BEFORE DELETE ON "webhooks_subscription" BEGIN '
 "SELECT RAISE(ABORT, 'webhooks_subscription is a kept record: append what changes it (DELETE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_witness_key_delete" BEFORE DELETE ON "witness_key" BEGIN SELECT RAISE(ABORT, '
 "'witness_key is a kept record: append what changes it (DELETE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_witness_witness_delete" BEFORE DELETE ON "witness_witness" BEGIN SELECT '
 "RAISE(ABORT, 'witness_witness is a kept record: append what changes it (DELETE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_anomalies_grading_insert" BEFORE INSERT ON "anomalies_grading" WHEN EXISTS '
 '(SELECT 1 FROM "anomalies_grading" WHERE (("id" = NEW."id"))) BEGIN SELECT RAISE(ABORT, \'anomalies_grading is a '
 "kept record: append what changes it (INSERT)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_anomalies_rules_insert" BEFORE INSERT ON "anomalies_rules" WHEN EXISTS (SELECT '
 '1 FROM "anomalies_rules" WHERE (("id" = NEW."id") OR ("plant_id" = NEW."plant_id" AND "version" = NEW."version"))) '
 "BEGIN SELECT RAISE(ABORT, 'anomalies_rules is a kept record: append what changes it (INSERT)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_anomalies_supplement_insert" BEFORE INSERT ON "anomalies_supplement" WHEN '
 'EXISTS (SELECT 1 FROM "anomalies_supplement" WHERE (("id" = NEW."id"))) BEGIN SELECT RAISE(ABORT, '
 "'anomalies_supplement is a kept record: append what changes it (INSERT)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_anomalies_clocks_insert" BEFORE INSERT ON "anomalies_clocks" WHEN EXISTS '
 '(SELECT 1 FROM "anomalies_clocks" WHERE (("id" = NEW."id") OR ("plant_id" = NEW."plant_id" AND "version" = '
 'NEW."version"))) BEGIN SELECT RAISE(ABORT, \'anomalies_clocks is a kept record: append what changes it '
 "(INSERT)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_calendars_rule_insert" BEFORE INSERT ON "calendars_rule" WHEN EXISTS (SELECT 1 '
 'FROM "calendars_rule" WHERE (("id" = NEW."id") OR ("plant_id" = NEW."plant_id" AND "version" = NEW."version"))) '
 "BEGIN SELECT RAISE(ABORT, 'calendars_rule is a kept record: append what changes it (INSERT)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_calendars_warned_insert" BEFORE INSERT ON "calendars_warned" WHEN EXISTS '
 '(SELECT 1 FROM "calendars_warned" WHERE (("id" = NEW."id") OR ("plant_id" = NEW."plant_id" AND "year" = '
 'NEW."year"))) BEGIN SELECT RAISE(ABORT, \'calendars_warned is a kept record: append what changes it (INSERT)\'); '
 'END',
 'CREATE TRIGGER IF NOT EXISTS "guard_clients_token_insert" BEFORE INSERT ON "clients_token" WHEN EXISTS (SELECT 1 '
 'FROM "clients_token" WHERE (("id" = NEW."id") OR ("token_hash" = NEW."token_hash"))) BEGIN SELECT RAISE(ABORT, '
 "'clients_token is a kept record: append what changes it (INSERT)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_conditions_chunk_insert" BEFORE INSERT ON "conditions_chunk" WHEN EXISTS '
 '(SELECT 1 FROM "conditions_chunk" WHERE (("id" = NEW."id") OR ("series_id" = NEW."series_id" AND "position" = '
 'NEW."position"))) BEGIN SELECT RAISE(ABORT, \'conditions_chunk is a kept record: append what changes it '
 "(INSERT)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_conditions_reading_insert" BEFORE INSERT ON "conditions_reading" WHEN EXISTS '
 '(SELECT 1 FROM "conditions_reading" WHERE (("id" = NEW."id"))) BEGIN SELECT RAISE(ABORT, \'conditions_reading is a '
 "kept record: append what changes it (INSERT)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_conditions_series_insert" BEFORE INSERT ON "conditions_series" WHEN EXISTS '
 '(SELECT 1 FROM "conditions_series" WHERE (("id" = NEW."id"))) BEGIN SELECT RAISE(ABORT, \'conditions_series is a '
 "kept record: append what changes it (INSERT)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_epcis_concern_insert" BEFORE INSERT ON "epcis_concern" WHEN EXISTS (SELECT 1 '
 'FROM "epcis_concern" WHERE (("id" = NEW."id") OR ("organisation_id" = NEW."organisation_id" AND "event_id" = '
 'NEW."event_id"))) BEGIN SELECT RAISE(ABORT, \'epcis_concern is a kept record: append what changes it (INSERT)\'); '
 'END',
 'CREATE TRIGGER IF NOT EXISTS "guard_epcis_deed_insert" BEFORE INSERT ON "epcis_deed" WHEN EXISTS (SELECT 1 FROM '
 '"epcis_deed" WHERE (("id" = NEW."id"))) BEGIN SELECT RAISE(ABORT, \'epcis_deed is a kept record: append what '
 "changes it (INSERT)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_epcis_event_insert" BEFORE INSERT ON "epcis_event" WHEN EXISTS (SELECT 1 FROM '
 '"epcis_event" WHERE (("id" = NEW."id") OR ("plant_id" = NEW."plant_id" AND "organisation_id" = '
 'NEW."organisation_id" AND "event_id" = NEW."event_id" AND "declared" = NEW."declared"))) BEGIN SELECT RAISE(ABORT, '
 "'epcis_event is a kept record: append what changes it (INSERT)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_epcis_location_insert" BEFORE INSERT ON "epcis_location" WHEN EXISTS (SELECT 1 '
 'FROM "epcis_location" WHERE (("id" = NEW."id") OR ("plant_id" = NEW."plant_id" AND "uri" = NEW."uri"))) BEGIN '
 "SELECT RAISE(ABORT, 'epcis_location is a kept record: append what changes it (INSERT)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_epcis_mention_insert" BEFORE INSERT ON "epcis_mention" WHEN EXISTS (SELECT 1 '
 'FROM "epcis_mention" WHERE (("id" = NEW."id"))) BEGIN SELECT RAISE(ABORT, \'epcis_mention is a kept record: append '
 "what changes it (INSERT)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_escalation_acknowledgement_insert" BEFORE INSERT ON '
 '"escalation_acknowledgement" WHEN EXISTS (SELECT 1 FROM "escalation_acknowledgement" WHERE (("id" = NEW."id") OR '
 '("run_id" = NEW."run_id" AND "person_id" = NEW."person_id" AND "round" = NEW."round"))) BEGIN SELECT RAISE(ABORT, '
 "'escalation_acknowledgement is a kept record: append what changes it (INSERT)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_escalation_policy_insert" BEFORE INSERT ON "escalation_policy" WHEN EXISTS '
 '(SELECT 1 FROM "escalation_policy" WHERE (("id" = NEW."id") OR ("plant_id" = NEW."plant_id" AND "grade" = '
 'NEW."grade" AND "version" = NEW."version"))) BEGIN SELECT RAISE(ABORT, \'escalation_policy is a kept record: '
 "append what changes it (INSERT)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_escalation_tell_insert" BEFORE INSERT ON "escalation_tell" WHEN EXISTS (SELECT '
 '1 FROM "escalation_tell" WHERE (("id" = NEW."id"))) BEGIN SELECT RAISE(ABORT, \'escalation_tell is a kept record: '
 "append what changes it (INSERT)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_evidence_evidence_insert" BEFORE INSERT ON "evidence_evidence" WHEN EXISTS '
 '(SELECT 1 FROM "evidence_evidence" WHERE (("id" = NEW."id") OR ("plant_id" = NEW."plant_id" AND "organisation_id" '
 '= NEW."organisation_id" AND "channel" = NEW."channel" AND "source_ref" = NEW."source_ref"))) BEGIN SELECT '
 "RAISE(ABORT, 'evidence_evidence is a kept record: append what changes it (INSERT)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_evidence_link_insert" BEFORE INSERT ON "evidence_link" WHEN EXISTS (SELECT 1 '
 'FROM "evidence_link" WHERE (("id" = NEW."id"))) BEGIN SELECT RAISE(ABORT, \'evidence_link is a kept record: append '
 "what changes it (INSERT)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_inspections_characteristic_insert" BEFORE INSERT ON '
 '"inspections_characteristic" WHEN EXISTS (SELECT 1 FROM "inspections_characteristic" WHERE (("id" = NEW."id") OR '
 '("method_id" = NEW."method_id" AND "key" = NEW."key") OR ("method_id" = NEW."method_id" AND "position" = '
 'NEW."position"))) BEGIN SELECT RAISE(ABORT, \'inspections_characteristic is a kept record: append what changes it '
 "(INSERT)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_inspections_finding_insert" BEFORE INSERT ON "inspections_finding" WHEN EXISTS '
 '(SELECT 1 FROM "inspections_finding" WHERE (("id" = NEW."id") OR ("report_id" = NEW."report_id" AND "position" = '
 'NEW."position"))) BEGIN SELECT RAISE(ABORT, \'inspections_finding is a kept record: append what changes it '
 "(INSERT)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_inspections_method_insert" BEFORE INSERT ON "inspections_method" WHEN EXISTS '
 '(SELECT 1 FROM "inspections_method" WHERE (("id" = NEW."id") OR ("plant_id" = NEW."plant_id" AND "code" = '
 'NEW."code" AND "version" = NEW."version"))) BEGIN SELECT RAISE(ABORT, \'inspections_method is a kept record: '
 "append what changes it (INSERT)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_inspections_report_insert" BEFORE INSERT ON "inspections_report" WHEN EXISTS '
 '(SELECT 1 FROM "inspections_report" WHERE (("id" = NEW."id"))) BEGIN SELECT RAISE(ABORT, \'inspections_report is a '
 "kept record: append what changes it (INSERT)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_inspections_result_insert" BEFORE INSERT ON "inspections_result" WHEN EXISTS '
 '(SELECT 1 FROM "inspections_result" WHERE (("id" = NEW."id") OR ("corrects_id" = NEW."corrects_id"))) BEGIN SELECT '
 "RAISE(ABORT, 'inspections_result is a kept record: append what changes it (INSERT)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_inspections_value_insert" BEFORE INSERT ON "inspections_value" WHEN EXISTS '
 '(SELECT 1 FROM "inspections_value" WHERE (("id" = NEW."id") OR ("result_id" = NEW."result_id" AND '
 '"characteristic_id" = NEW."characteristic_id" AND "piece" = NEW."piece"))) BEGIN SELECT RAISE(ABORT, '
 "'inspections_value is a kept record: append what changes it (INSERT)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_ledger_checkpoint_insert" BEFORE INSERT ON "ledger_checkpoint" WHEN EXISTS '
 '(SELECT 1 FROM "ledger_checkpoint" WHERE (("size" = NEW."size"))) BEGIN SELECT RAISE(ABORT, \'ledger_checkpoint is '
 "a kept record: append what changes it (INSERT)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_ledger_entry_insert" BEFORE INSERT ON "ledger_entry" WHEN EXISTS (SELECT 1 '
 'FROM "ledger_entry" WHERE (("id" = NEW."id") OR ("event_id" = NEW."event_id"))) BEGIN SELECT RAISE(ABORT, '
 "'ledger_entry is a kept record: append what changes it (INSERT)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_ledger_leaf_insert" BEFORE INSERT ON "ledger_leaf" WHEN EXISTS (SELECT 1 FROM '
 '"ledger_leaf" WHERE (("position" = NEW."position") OR ("entry_id" = NEW."entry_id"))) BEGIN SELECT RAISE(ABORT, '
 "'ledger_leaf is a kept record: append what changes it (INSERT)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_lots_link_insert" BEFORE INSERT ON "lots_link" WHEN EXISTS (SELECT 1 FROM '
 '"lots_link" WHERE (("id" = NEW."id"))) BEGIN SELECT RAISE(ABORT, \'lots_link is a kept record: append what changes '
 "it (INSERT)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_lots_operation_insert" BEFORE INSERT ON "lots_operation" WHEN EXISTS (SELECT 1 '
 'FROM "lots_operation" WHERE (("id" = NEW."id"))) BEGIN SELECT RAISE(ABORT, \'lots_operation is a kept record: '
 "append what changes it (INSERT)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_orders_stage_lot_insert" BEFORE INSERT ON "orders_stage_lot" WHEN EXISTS '
 '(SELECT 1 FROM "orders_stage_lot" WHERE (("id" = NEW."id") OR ("stage_id" = NEW."stage_id" AND "lot_id" = '
 'NEW."lot_id" AND "flow" = NEW."flow"))) BEGIN SELECT RAISE(ABORT, \'orders_stage_lot is a kept record: append what '
 "changes it (INSERT)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_lots_link_void_insert" BEFORE INSERT ON "lots_link_void" WHEN EXISTS (SELECT 1 '
 'FROM "lots_link_void" WHERE (("id" = NEW."id") OR ("link_id" = NEW."link_id"))) BEGIN SELECT RAISE(ABORT, '
 "'lots_link_void is a kept record: append what changes it (INSERT)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_people_access_log_insert" BEFORE INSERT ON "people_access_log" WHEN EXISTS '
 '(SELECT 1 FROM "people_access_log" WHERE (("id" = NEW."id"))) BEGIN SELECT RAISE(ABORT, \'people_access_log is a '
 "kept record: append what changes it (INSERT)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_products_bom_insert" BEFORE INSERT ON "products_bom" WHEN EXISTS (SELECT 1 '
 'FROM "products_bom" WHERE (("id" = NEW."id") OR ("product_id" = NEW."product_id" AND "version" = NEW."version"))) '
 "BEGIN SELECT RAISE(ABORT, 'products_bom is a kept record: append what changes it (INSERT)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_products_bom_line_insert" BEFORE INSERT ON "products_bom_line" WHEN EXISTS '
 '(SELECT 1 FROM "products_bom_line" WHERE (("id" = NEW."id") OR ("bom_id" = NEW."bom_id" AND "position" = '
 'NEW."position") OR ("bom_id" = NEW."bom_id" AND "component_id" = NEW."component_id"))) BEGIN SELECT RAISE(ABORT, '
 "'products_bom_line is a kept record: append what changes it (INSERT)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_products_factor_insert" BEFORE INSERT ON "products_factor" WHEN EXISTS (SELECT '
 '1 FROM "products_factor" WHERE (("id" = NEW."id"))) BEGIN SELECT RAISE(ABORT, \'products_factor is a kept record: '
 "append what changes it (INSERT)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_products_parameter_insert" BEFORE INSERT ON "products_parameter" WHEN EXISTS '
 '(SELECT 1 FROM "products_parameter" WHERE (("id" = NEW."id") OR ("product_id" = NEW."product_id" AND "process" = '
 'NEW."process" AND "name" = NEW."name" AND "version" = NEW."version"))) BEGIN SELECT RAISE(ABORT, '
 "'products_parameter is a kept record: append what changes it (INSERT)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_sensors_chunk_insert" BEFORE INSERT ON "sensors_chunk" WHEN EXISTS (SELECT 1 '
 'FROM "sensors_chunk" WHERE (("id" = NEW."id") OR ("sensor_id" = NEW."sensor_id" AND "position" = NEW."position"))) '
 "BEGIN SELECT RAISE(ABORT, 'sensors_chunk is a kept record: append what changes it (INSERT)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_sensors_rule_insert" BEFORE INSERT ON "sensors_rule" WHEN EXISTS (SELECT 1 '
 'FROM "sensors_rule" WHERE (("id" = NEW."id") OR ("sensor_id" = NEW."sensor_id" AND "version" = NEW."version"))) '
 "BEGIN SELECT RAISE(ABORT, 'sensors_rule is a kept record: append what changes it (INSERT)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_signing_assertion_insert" BEFORE INSERT ON "signing_assertion" WHEN EXISTS '
 '(SELECT 1 FROM "signing_assertion" WHERE (("id" = NEW."id") OR ("signature_id" = NEW."signature_id"))) BEGIN '
 "SELECT RAISE(ABORT, 'signing_assertion is a kept record: append what changes it (INSERT)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_signing_policy_insert" BEFORE INSERT ON "signing_policy" WHEN EXISTS (SELECT 1 '
 'FROM "signing_policy" WHERE (("id" = NEW."id") OR ("plant_id" = NEW."plant_id" AND "version" = NEW."version"))) '
 "BEGIN SELECT RAISE(ABORT, 'signing_policy is a kept record: append what changes it (INSERT)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_signing_signature_insert" BEFORE INSERT ON "signing_signature" WHEN EXISTS '
 '(SELECT 1 FROM "signing_signature" WHERE (("id" = NEW."id") OR ("ceremony_id" = NEW."ceremony_id") OR ("factor_id" '
 '= NEW."factor_id" AND "time_step" = NEW."time_step"))) BEGIN SELECT RAISE(ABORT, \'signing_signature is a kept '
 "record: append what changes it (INSERT)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_signing_voiding_insert" BEFORE INSERT ON "signing_voiding" WHEN EXISTS (SELECT '
 '1 FROM "signing_voiding" WHERE (("id" = NEW."id") OR ("signature_id" = NEW."signature_id"))) BEGIN SELECT '
 "RAISE(ABORT, 'signing_voiding is a kept record: append what changes it (INSERT)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_sop_template_insert" BEFORE INSERT ON "sop_template" WHEN EXISTS (SELECT 1 '
 'FROM "sop_template" WHERE (("id" = NEW."id") OR ("plant_id" = NEW."plant_id" AND "category" = NEW."category" AND '
 '"version" = NEW."version"))) BEGIN SELECT RAISE(ABORT, \'sop_template is a kept record: append what changes it '
 "(INSERT)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_witness_acknowledgement_insert" BEFORE INSERT ON "witness_acknowledgement" '
 'WHEN EXISTS (SELECT 1 FROM "witness_acknowledgement" WHERE (("id" = NEW."id"))) BEGIN SELECT RAISE(ABORT, '
 "'witness_acknowledgement is a kept record: append what changes it (INSERT)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_witness_cosignature_insert" BEFORE INSERT ON "witness_cosignature" WHEN EXISTS '
 '(SELECT 1 FROM "witness_cosignature" WHERE (("id" = NEW."id") OR ("key_id" = NEW."key_id" AND "size" = '
 'NEW."size"))) BEGIN SELECT RAISE(ABORT, \'witness_cosignature is a kept record: append what changes it '
 "(INSERT)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_witness_stamp_insert" BEFORE INSERT ON "witness_stamp" WHEN EXISTS (SELECT 1 '
 'FROM "witness_stamp" WHERE (("id" = NEW."id") OR ("size" = NEW."size"))) BEGIN SELECT RAISE(ABORT, \'witness_stamp '
 "is a kept record: append what changes it (INSERT)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_anomalies_anomaly_insert" BEFORE INSERT ON "anomalies_anomaly" WHEN EXISTS '
 '(SELECT 1 FROM "anomalies_anomaly" WHERE (("id" = NEW."id") OR ("plant_id" = NEW."plant_id" AND "number" = '
 'NEW."number"))) BEGIN SELECT RAISE(ABORT, \'anomalies_anomaly is a kept record: append what changes it '
 "(INSERT)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_anomalies_extension_insert" BEFORE INSERT ON "anomalies_extension" WHEN EXISTS '
 '(SELECT 1 FROM "anomalies_extension" WHERE (("id" = NEW."id"))) BEGIN SELECT RAISE(ABORT, \'anomalies_extension is '
 "a kept record: append what changes it (INSERT)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_anomalies_supplier_clock_insert" BEFORE INSERT ON "anomalies_supplier_clock" '
 'WHEN EXISTS (SELECT 1 FROM "anomalies_supplier_clock" WHERE (("id" = NEW."id") OR ("anomaly_id" = NEW."anomaly_id" '
 'AND "step" = NEW."step"))) BEGIN SELECT RAISE(ABORT, \'anomalies_supplier_clock is a kept record: append what '
 "changes it (INSERT)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_calendars_day_insert" BEFORE INSERT ON "calendars_day" WHEN EXISTS (SELECT 1 '
 'FROM "calendars_day" WHERE (("id" = NEW."id"))) BEGIN SELECT RAISE(ABORT, \'calendars_day is a kept record: append '
 "what changes it (INSERT)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_calendars_shift_insert" BEFORE INSERT ON "calendars_shift" WHEN EXISTS (SELECT '
 '1 FROM "calendars_shift" WHERE (("id" = NEW."id"))) BEGIN SELECT RAISE(ABORT, \'calendars_shift is a kept record: '
 "append what changes it (INSERT)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_capa_action_insert" BEFORE INSERT ON "capa_action" WHEN EXISTS (SELECT 1 FROM '
 '"capa_action" WHERE (("id" = NEW."id"))) BEGIN SELECT RAISE(ABORT, \'capa_action is a kept record: append what '
 "changes it (INSERT)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_capa_capa_insert" BEFORE INSERT ON "capa_capa" WHEN EXISTS (SELECT 1 FROM '
 '"capa_capa" WHERE (("id" = NEW."id") OR ("anomaly_id" = NEW."anomaly_id") OR ("plant_id" = NEW."plant_id" AND '
 '"number" = NEW."number"))) BEGIN SELECT RAISE(ABORT, \'capa_capa is a kept record: append what changes it '
 "(INSERT)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_clients_client_insert" BEFORE INSERT ON "clients_client" WHEN EXISTS (SELECT 1 '
 'FROM "clients_client" WHERE (("id" = NEW."id") OR ("public_id" = NEW."public_id"))) BEGIN SELECT RAISE(ABORT, '
 "'clients_client is a kept record: append what changes it (INSERT)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_clients_sandbox_insert" BEFORE INSERT ON "clients_sandbox" WHEN EXISTS (SELECT '
 '1 FROM "clients_sandbox" WHERE (("id" = NEW."id"))) BEGIN SELECT RAISE(ABORT, \'clients_sandbox is a kept record: '
 "append what changes it (INSERT)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_clients_secret_insert" BEFORE INSERT ON "clients_secret" WHEN EXISTS (SELECT 1 '
 'FROM "clients_secret" WHERE (("id" = NEW."id") OR ("secret_hash" = NEW."secret_hash"))) BEGIN SELECT RAISE(ABORT, '
 "'clients_secret is a kept record: append what changes it (INSERT)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_duty_absence_insert" BEFORE INSERT ON "duty_absence" WHEN EXISTS (SELECT 1 '
 'FROM "duty_absence" WHERE (("id" = NEW."id"))) BEGIN SELECT RAISE(ABORT, \'duty_absence is a kept record: append '
 "what changes it (INSERT)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_duty_override_insert" BEFORE INSERT ON "duty_override" WHEN EXISTS (SELECT 1 '
 'FROM "duty_override" WHERE (("id" = NEW."id"))) BEGIN SELECT RAISE(ABORT, \'duty_override is a kept record: append '
 "what changes it (INSERT)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_duty_rotation_insert" BEFORE INSERT ON "duty_rotation" WHEN EXISTS (SELECT 1 '
 'FROM "duty_rotation" WHERE (("id" = NEW."id"))) BEGIN SELECT RAISE(ABORT, \'duty_rotation is a kept record: append '
 "what changes it (INSERT)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_duty_swap_insert" BEFORE INSERT ON "duty_swap" WHEN EXISTS (SELECT 1 FROM '
 '"duty_swap" WHERE (("id" = NEW."id"))) BEGIN SELECT RAISE(ABORT, \'duty_swap is a kept record: append what changes '
 "it (INSERT)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_duty_watch_insert" BEFORE INSERT ON "duty_watch" WHEN EXISTS (SELECT 1 FROM '
 '"duty_watch" WHERE (("id" = NEW."id") OR ("rotation_id" = NEW."rotation_id"))) BEGIN SELECT RAISE(ABORT, '
 "'duty_watch is a kept record: append what changes it (INSERT)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_epcis_capture_insert" BEFORE INSERT ON "epcis_capture" WHEN EXISTS (SELECT 1 '
 'FROM "epcis_capture" WHERE (("id" = NEW."id") OR ("plant_id" = NEW."plant_id" AND "number" = NEW."number"))) BEGIN '
 "SELECT RAISE(ABORT, 'epcis_capture is a kept record: append what changes it (INSERT)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_epcis_held_insert" BEFORE INSERT ON "epcis_held" WHEN EXISTS (SELECT 1 FROM '
 '"epcis_held" WHERE (("id" = NEW."id"))) BEGIN SELECT RAISE(ABORT, \'epcis_held is a kept record: append what '
 "changes it (INSERT)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_escalation_run_insert" BEFORE INSERT ON "escalation_run" WHEN EXISTS (SELECT 1 '
 'FROM "escalation_run" WHERE (("id" = NEW."id"))) BEGIN SELECT RAISE(ABORT, \'escalation_run is a kept record: '
 "append what changes it (INSERT)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_inspections_sample_insert" BEFORE INSERT ON "inspections_sample" WHEN EXISTS '
 '(SELECT 1 FROM "inspections_sample" WHERE (("id" = NEW."id") OR ("plant_id" = NEW."plant_id" AND "code" = '
 'NEW."code" AND "version" = NEW."version"))) BEGIN SELECT RAISE(ABORT, \'inspections_sample is a kept record: '
 "append what changes it (INSERT)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_ledger_key_insert" BEFORE INSERT ON "ledger_key" WHEN EXISTS (SELECT 1 FROM '
 '"ledger_key" WHERE (("id" = NEW."id") OR ("line" = NEW."line"))) BEGIN SELECT RAISE(ABORT, \'ledger_key is a kept '
 "record: append what changes it (INSERT)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_imports_run_insert" BEFORE INSERT ON "imports_run" WHEN EXISTS (SELECT 1 FROM '
 '"imports_run" WHERE (("id" = NEW."id") OR ("plant_id" = NEW."plant_id" AND "number" = NEW."number"))) BEGIN SELECT '
 "RAISE(ABORT, 'imports_run is a kept record: append what changes it (INSERT)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_lots_hold_insert" BEFORE INSERT ON "lots_hold" WHEN EXISTS (SELECT 1 FROM '
 '"lots_hold" WHERE (("id" = NEW."id"))) BEGIN SELECT RAISE(ABORT, \'lots_hold is a kept record: append what changes '
 "it (INSERT)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_lots_lot_insert" BEFORE INSERT ON "lots_lot" WHEN EXISTS (SELECT 1 FROM '
 '"lots_lot" WHERE (("id" = NEW."id") OR ("plant_id" = NEW."plant_id" AND "number" = NEW."number"))) BEGIN SELECT '
 "RAISE(ABORT, 'lots_lot is a kept record: append what changes it (INSERT)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_lots_rehearsal_insert" BEFORE INSERT ON "lots_rehearsal" WHEN EXISTS (SELECT 1 '
 'FROM "lots_rehearsal" WHERE (("id" = NEW."id") OR ("plant_id" = NEW."plant_id" AND "number" = NEW."number"))) '
 "BEGIN SELECT RAISE(ABORT, 'lots_rehearsal is a kept record: append what changes it (INSERT)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_lots_serial_insert" BEFORE INSERT ON "lots_serial" WHEN EXISTS (SELECT 1 FROM '
 '"lots_serial" WHERE (("id" = NEW."id") OR ("plant_id" = NEW."plant_id" AND "product_id" = NEW."product_id" AND '
 '"number" = NEW."number"))) BEGIN SELECT RAISE(ABORT, \'lots_serial is a kept record: append what changes it '
 "(INSERT)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_lots_shipment_insert" BEFORE INSERT ON "lots_shipment" WHEN EXISTS (SELECT 1 '
 'FROM "lots_shipment" WHERE (("id" = NEW."id"))) BEGIN SELECT RAISE(ABORT, \'lots_shipment is a kept record: append '
 "what changes it (INSERT)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_orders_handover_insert" BEFORE INSERT ON "orders_handover" WHEN EXISTS (SELECT '
 '1 FROM "orders_handover" WHERE (("id" = NEW."id"))) BEGIN SELECT RAISE(ABORT, \'orders_handover is a kept record: '
 "append what changes it (INSERT)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_orders_leg_insert" BEFORE INSERT ON "orders_leg" WHEN EXISTS (SELECT 1 FROM '
 '"orders_leg" WHERE (("id" = NEW."id"))) BEGIN SELECT RAISE(ABORT, \'orders_leg is a kept record: append what '
 "changes it (INSERT)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_orders_order_insert" BEFORE INSERT ON "orders_order" WHEN EXISTS (SELECT 1 '
 'FROM "orders_order" WHERE (("id" = NEW."id") OR ("plant_id" = NEW."plant_id" AND "number" = NEW."number"))) BEGIN '
 "SELECT RAISE(ABORT, 'orders_order is a kept record: append what changes it (INSERT)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_orders_stage_insert" BEFORE INSERT ON "orders_stage" WHEN EXISTS (SELECT 1 '
 'FROM "orders_stage" WHERE (("id" = NEW."id") OR ("order_id" = NEW."order_id" AND "position" = NEW."position"))) '
 "BEGIN SELECT RAISE(ABORT, 'orders_stage is a kept record: append what changes it (INSERT)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_people_contact_insert" BEFORE INSERT ON "people_contact" WHEN EXISTS (SELECT 1 '
 'FROM "people_contact" WHERE (("id" = NEW."id") OR ("person_id" = NEW."person_id"))) BEGIN SELECT RAISE(ABORT, '
 "'people_contact is a kept record: append what changes it (INSERT)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_people_engagement_insert" BEFORE INSERT ON "people_engagement" WHEN EXISTS '
 '(SELECT 1 FROM "people_engagement" WHERE (("id" = NEW."id"))) BEGIN SELECT RAISE(ABORT, \'people_engagement is a '
 "kept record: append what changes it (INSERT)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_people_identity_insert" BEFORE INSERT ON "people_identity" WHEN EXISTS (SELECT '
 '1 FROM "people_identity" WHERE (("id" = NEW."id") OR ("channel" = NEW."channel" AND "tenant" = NEW."tenant" AND '
 '"account" = NEW."account"))) BEGIN SELECT RAISE(ABORT, \'people_identity is a kept record: append what changes it '
 "(INSERT)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_people_invite_insert" BEFORE INSERT ON "people_invite" WHEN EXISTS (SELECT 1 '
 'FROM "people_invite" WHERE (("id" = NEW."id") OR ("token_hash" = NEW."token_hash"))) BEGIN SELECT RAISE(ABORT, '
 "'people_invite is a kept record: append what changes it (INSERT)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_people_link_insert" BEFORE INSERT ON "people_link" WHEN EXISTS (SELECT 1 FROM '
 '"people_link" WHERE (("id" = NEW."id") OR ("token_hash" = NEW."token_hash"))) BEGIN SELECT RAISE(ABORT, '
 "'people_link is a kept record: append what changes it (INSERT)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_people_organisation_insert" BEFORE INSERT ON "people_organisation" WHEN EXISTS '
 '(SELECT 1 FROM "people_organisation" WHERE (("id" = NEW."id") OR ("code" = NEW."code"))) BEGIN SELECT RAISE(ABORT, '
 "'people_organisation is a kept record: append what changes it (INSERT)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_people_person_insert" BEFORE INSERT ON "people_person" WHEN EXISTS (SELECT 1 '
 'FROM "people_person" WHERE (("id" = NEW."id"))) BEGIN SELECT RAISE(ABORT, \'people_person is a kept record: append '
 "what changes it (INSERT)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_people_responsibility_insert" BEFORE INSERT ON "people_responsibility" WHEN '
 'EXISTS (SELECT 1 FROM "people_responsibility" WHERE (("id" = NEW."id"))) BEGIN SELECT RAISE(ABORT, '
 "'people_responsibility is a kept record: append what changes it (INSERT)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_people_role_insert" BEFORE INSERT ON "people_role" WHEN EXISTS (SELECT 1 FROM '
 '"people_role" WHERE (("id" = NEW."id"))) BEGIN SELECT RAISE(ABORT, \'people_role is a kept record: append what '
 "changes it (INSERT)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_people_session_insert" BEFORE INSERT ON "people_session" WHEN EXISTS (SELECT 1 '
 'FROM "people_session" WHERE (("id" = NEW."id") OR ("token_hash" = NEW."token_hash"))) BEGIN SELECT RAISE(ABORT, '
 "'people_session is a kept record: append what changes it (INSERT)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_people_site_insert" BEFORE INSERT ON "people_site" WHEN EXISTS (SELECT 1 FROM '
 '"people_site" WHERE (("id" = NEW."id") OR ("organisation_id" = NEW."organisation_id" AND "code" = NEW."code"))) '
 "BEGIN SELECT RAISE(ABORT, 'people_site is a kept record: append what changes it (INSERT)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_products_identifier_insert" BEFORE INSERT ON "products_identifier" WHEN EXISTS '
 '(SELECT 1 FROM "products_identifier" WHERE (("id" = NEW."id") OR ("plant_id" = NEW."plant_id" AND "agency" = '
 'NEW."agency" AND "code" = NEW."code"))) BEGIN SELECT RAISE(ABORT, \'products_identifier is a kept record: append '
 "what changes it (INSERT)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_products_product_insert" BEFORE INSERT ON "products_product" WHEN EXISTS '
 '(SELECT 1 FROM "products_product" WHERE (("id" = NEW."id") OR ("plant_id" = NEW."plant_id" AND "code" = '
 'NEW."code"))) BEGIN SELECT RAISE(ABORT, \'products_product is a kept record: append what changes it (INSERT)\'); '
 'END',
 'CREATE TRIGGER IF NOT EXISTS "guard_sensors_episode_insert" BEFORE INSERT ON "sensors_episode" WHEN EXISTS (SELECT '
 '1 FROM "sensors_episode" WHERE (("id" = NEW."id"))) BEGIN SELECT RAISE(ABORT, \'sensors_episode is a kept record: '
 "append what changes it (INSERT)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_sensors_sensor_insert" BEFORE INSERT ON "sensors_sensor" WHEN EXISTS (SELECT 1 '
 'FROM "sensors_sensor" WHERE (("id" = NEW."id") OR ("topic" = NEW."topic") OR ("plant_id" = NEW."plant_id" AND '
 '"code" = NEW."code"))) BEGIN SELECT RAISE(ABORT, \'sensors_sensor is a kept record: append what changes it '
 "(INSERT)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_sensors_standing_insert" BEFORE INSERT ON "sensors_standing" WHEN EXISTS '
 '(SELECT 1 FROM "sensors_standing" WHERE (("id" = NEW."id"))) BEGIN SELECT RAISE(ABORT, \'sensors_standing is a '
 "kept record: append what changes it (INSERT)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_signing_ceremony_insert" BEFORE INSERT ON "signing_ceremony" WHEN EXISTS '
 '(SELECT 1 FROM "signing_ceremony" WHERE (("id" = NEW."id") OR ("plant_id" = NEW."plant_id" AND "number" = '
 'NEW."number"))) BEGIN SELECT RAISE(ABORT, \'signing_ceremony is a kept record: append what changes it (INSERT)\'); '
 'END',
 'CREATE TRIGGER IF NOT EXISTS "guard_signing_delegation_insert" BEFORE INSERT ON "signing_delegation" WHEN EXISTS '
 '(SELECT 1 FROM "signing_delegation" WHERE (("id" = NEW."id") OR ("plant_id" = NEW."plant_id" AND "number" = '
 'NEW."number"))) BEGIN SELECT RAISE(ABORT, \'signing_delegation is a kept record: append what changes it '
 "(INSERT)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_signing_factor_insert" BEFORE INSERT ON "signing_factor" WHEN EXISTS (SELECT 1 '
 'FROM "signing_factor" WHERE (("id" = NEW."id"))) BEGIN SELECT RAISE(ABORT, \'signing_factor is a kept record: '
 "append what changes it (INSERT)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_signing_passkey_insert" BEFORE INSERT ON "signing_passkey" WHEN EXISTS (SELECT '
 '1 FROM "signing_passkey" WHERE (("id" = NEW."id") OR ("credential_hash" = NEW."credential_hash"))) BEGIN SELECT '
 "RAISE(ABORT, 'signing_passkey is a kept record: append what changes it (INSERT)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_signing_proposal_insert" BEFORE INSERT ON "signing_proposal" WHEN EXISTS '
 '(SELECT 1 FROM "signing_proposal" WHERE (("id" = NEW."id") OR ("plant_id" = NEW."plant_id" AND "number" = '
 'NEW."number"))) BEGIN SELECT RAISE(ABORT, \'signing_proposal is a kept record: append what changes it (INSERT)\'); '
 'END',
 'CREATE TRIGGER IF NOT EXISTS "guard_signing_session_insert" BEFORE INSERT ON "signing_session" WHEN EXISTS (SELECT '
 '1 FROM "signing_session" WHERE (("id" = NEW."id"))) BEGIN SELECT RAISE(ABORT, \'signing_session is a kept record: '
 "append what changes it (INSERT)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_webhooks_subscription_insert" BEFORE INSERT ON "webhooks_subscription" WHEN '
 'EXISTS (SELECT 1 FROM "webhooks_subscription" WHERE (("id" = NEW."id"))) BEGIN SELECT RAISE(ABORT, '
 "'webhooks_subscription is a kept record: append what changes it (INSERT)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_witness_key_insert" BEFORE INSERT ON "witness_key" WHEN EXISTS (SELECT 1 FROM '
 '"witness_key" WHERE (("id" = NEW."id") OR ("plant_id" = NEW."plant_id" AND "line" = NEW."line"))) BEGIN SELECT '
 "RAISE(ABORT, 'witness_key is a kept record: append what changes it (INSERT)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_witness_witness_insert" BEFORE INSERT ON "witness_witness" WHEN EXISTS (SELECT '
 '1 FROM "witness_witness" WHERE (("id" = NEW."id"))) BEGIN SELECT RAISE(ABORT, \'witness_witness is a kept record: '
 "append what changes it (INSERT)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_anomalies_anomaly_update" BEFORE UPDATE ON "anomalies_anomaly" WHEN OLD."id" '
 '<> NEW."id" OR EXISTS (SELECT 1 FROM "anomalies_anomaly" WHERE (("plant_id" = NEW."plant_id" AND "number" = '
 'NEW."number")) AND "id" <> OLD."id") BEGIN SELECT RAISE(ABORT, \'anomalies_anomaly is a kept record: append what '
 "changes it (UPDATE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_anomalies_extension_update" BEFORE UPDATE ON "anomalies_extension" WHEN '
 'OLD."id" <> NEW."id" OR 0 BEGIN SELECT RAISE(ABORT, \'anomalies_extension is a kept record: append what changes it '
 "(UPDATE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_anomalies_supplier_clock_update" BEFORE UPDATE ON "anomalies_supplier_clock" '
 'WHEN OLD."id" <> NEW."id" OR EXISTS (SELECT 1 FROM "anomalies_supplier_clock" WHERE (("anomaly_id" = '
 'NEW."anomaly_id" AND "step" = NEW."step")) AND "id" <> OLD."id") BEGIN SELECT RAISE(ABORT, '
 "'anomalies_supplier_clock is a kept record: append what changes it (UPDATE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_calendars_day_update" BEFORE UPDATE ON "calendars_day" WHEN OLD."id" <> '
 'NEW."id" OR 0 BEGIN SELECT RAISE(ABORT, \'calendars_day is a kept record: append what changes it (UPDATE)\'); END',
 'CREATE TRIGGER IF NOT EXISTS "guard_calendars_shift_update" BEFORE UPDATE ON "calendars_shift" WHEN OLD."id" <> '
 'NEW."id" OR 0 BEGIN SELECT RAISE(ABORT, \'calendars_shift is a kept record: append what changes it (UPDATE)\'); '
 'END',
 'CREATE TRIGGER IF NOT EXISTS "guard_capa_action_update" BEFORE UPDATE ON "capa_action" WHEN OLD."id" <> NEW."id" '
 "OR 0 BEGIN SELECT RAISE(ABORT, 'capa_action is a kept record: append what changes it (UPDATE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_capa_capa_update" BEFORE UPDATE ON "capa_capa" WHEN OLD."id" <> NEW."id" OR '
 'EXISTS (SELECT 1 FROM "capa_capa" WHERE (("anomaly_id" = NEW."anomaly_id") OR ("plant_id" = NEW."plant_id" AND '
 '"number" = NEW."number")) AND "id" <> OLD."id") BEGIN SELECT RAISE(ABORT, \'capa_capa is a kept record: append '
 "what changes it (UPDATE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_clients_client_update" BEFORE UPDATE ON "clients_client" WHEN OLD."id" <> '
 'NEW."id" OR EXISTS (SELECT 1 FROM "clients_client" WHERE (("public_id" = NEW."public_id")) AND "id" <> OLD."id") '
 "BEGIN SELECT RAISE(ABORT, 'clients_client is a kept record: append what changes it (UPDATE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_clients_sandbox_update" BEFORE UPDATE ON "clients_sandbox" WHEN OLD."id" <> '
 'NEW."id" OR 0 BEGIN SELECT RAISE(ABORT, \'clients_sandbox is a kept record: append what changes it (UPDATE)\'); '
 'END',
 'CREATE TRIGGER IF NOT EXISTS "guard_clients_secret_update" BEFORE UPDATE ON "clients_secret" WHEN OLD."id" <> '
 'NEW."id" OR EXISTS (SELECT 1 FROM "clients_secret" WHERE (("secret_hash" = NEW."secret_hash")) AND "id" <> '
 'OLD."id") BEGIN SELECT RAISE(ABORT, \'clients_secret is a kept record: append what changes it (UPDATE)\'); END',
 'CREATE TRIGGER IF NOT EXISTS "guard_duty_absence_update" BEFORE UPDATE ON "duty_absence" WHEN OLD."id" <> NEW."id" '
 "OR 0 BEGIN SELECT RAISE(ABORT, 'duty_absence is a kept record: append what changes it (UPDATE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_duty_override_update" BEFORE UPDATE ON "duty_override" WHEN OLD."id" <> '
 'NEW."id" OR 0 BEGIN SELECT RAISE(ABORT, \'duty_override is a kept record: append what changes it (UPDATE)\'); END',
 'CREATE TRIGGER IF NOT EXISTS "guard_duty_rotation_update" BEFORE UPDATE ON "duty_rotation" WHEN OLD."id" <> '
 'NEW."id" OR 0 BEGIN SELECT RAISE(ABORT, \'duty_rotation is a kept record: append what changes it (UPDATE)\'); END',
 'CREATE TRIGGER IF NOT EXISTS "guard_duty_swap_update" BEFORE UPDATE ON "duty_swap" WHEN OLD."id" <> NEW."id" OR 0 '
 "BEGIN SELECT RAISE(ABORT, 'duty_swap is a kept record: append what changes it (UPDATE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_duty_watch_update" BEFORE UPDATE ON "duty_watch" WHEN OLD."id" <> NEW."id" OR '
 'EXISTS (SELECT 1 FROM "duty_watch" WHERE (("rotation_id" = NEW."rotation_id")) AND "id" <> OLD."id") BEGIN SELECT '
 "RAISE(ABORT, 'duty_watch is a kept record: append what changes it (UPDATE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_epcis_capture_update" BEFORE UPDATE ON "epcis_capture" WHEN OLD."id" <> '
 'NEW."id" OR EXISTS (SELECT 1 FROM "epcis_capture" WHERE (("plant_id" = NEW."plant_id" AND "number" = '
 'NEW."number")) AND "id" <> OLD."id") BEGIN SELECT RAISE(ABORT, \'epcis_capture is a kept record: append what '
 "changes it (UPDATE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_epcis_held_update" BEFORE UPDATE ON "epcis_held" WHEN OLD."id" <> NEW."id" OR '
 "0 BEGIN SELECT RAISE(ABORT, 'epcis_held is a kept record: append what changes it (UPDATE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_escalation_run_update" BEFORE UPDATE ON "escalation_run" WHEN OLD."id" <> '
 'NEW."id" OR 0 BEGIN SELECT RAISE(ABORT, \'escalation_run is a kept record: append what changes it (UPDATE)\'); END',
 'CREATE TRIGGER IF NOT EXISTS "guard_inspections_sample_update" BEFORE UPDATE ON "inspections_sample" WHEN OLD."id" '
 '<> NEW."id" OR EXISTS (SELECT 1 FROM "inspections_sample" WHERE (("plant_id" = NEW."plant_id" AND "code" = '
 'NEW."code" AND "version" = NEW."version")) AND "id" <> OLD."id") BEGIN SELECT RAISE(ABORT, \'inspections_sample is '
 "a kept record: append what changes it (UPDATE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_ledger_key_update" BEFORE UPDATE ON "ledger_key" WHEN OLD."id" <> NEW."id" OR '
 'EXISTS (SELECT 1 FROM "ledger_key" WHERE (("line" = NEW."line")) AND "id" <> OLD."id") BEGIN SELECT RAISE(ABORT, '
 "'ledger_key is a kept record: append what changes it (UPDATE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_imports_run_update" BEFORE UPDATE ON "imports_run" WHEN OLD."id" <> NEW."id" '
 'OR EXISTS (SELECT 1 FROM "imports_run" WHERE (("plant_id" = NEW."plant_id" AND "number" = NEW."number")) AND "id" '
 '<> OLD."id") BEGIN SELECT RAISE(ABORT, \'imports_run is a kept record: append what changes it (UPDATE)\'); END',
 'CREATE TRIGGER IF NOT EXISTS "guard_lots_hold_update" BEFORE UPDATE ON "lots_hold" WHEN OLD."id" <> NEW."id" OR 0 '
 "BEGIN SELECT RAISE(ABORT, 'lots_hold is a kept record: append what changes it (UPDATE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_lots_lot_update" BEFORE UPDATE ON "lots_lot" WHEN OLD."id" <> NEW."id" OR '
 'EXISTS (SELECT 1 FROM "lots_lot" WHERE (("plant_id" = NEW."plant_id" AND "number" = NEW."number")) AND "id" <> '
 'OLD."id") BEGIN SELECT RAISE(ABORT, \'lots_lot is a kept record: append what changes it (UPDATE)\'); END',
 'CREATE TRIGGER IF NOT EXISTS "guard_lots_rehearsal_update" BEFORE UPDATE ON "lots_rehearsal" WHEN OLD."id" <> '
 'NEW."id" OR EXISTS (SELECT 1 FROM "lots_rehearsal" WHERE (("plant_id" = NEW."plant_id" AND "number" = '
 'NEW."number")) AND "id" <> OLD."id") BEGIN SELECT RAISE(ABORT, \'lots_rehearsal is a kept record: append what '
 "changes it (UPDATE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_lots_serial_update" BEFORE UPDATE ON "lots_serial" WHEN OLD."id" <> NEW."id" '
 'OR EXISTS (SELECT 1 FROM "lots_serial" WHERE (("plant_id" = NEW."plant_id" AND "product_id" = NEW."product_id" AND '
 '"number" = NEW."number")) AND "id" <> OLD."id") BEGIN SELECT RAISE(ABORT, \'lots_serial is a kept record: append '
 "what changes it (UPDATE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_lots_shipment_update" BEFORE UPDATE ON "lots_shipment" WHEN OLD."id" <> '
 'NEW."id" OR 0 BEGIN SELECT RAISE(ABORT, \'lots_shipment is a kept record: append what changes it (UPDATE)\'); END',
 'CREATE TRIGGER IF NOT EXISTS "guard_orders_handover_update" BEFORE UPDATE ON "orders_handover" WHEN OLD."id" <> '
 'NEW."id" OR 0 BEGIN SELECT RAISE(ABORT, \'orders_handover is a kept record: append what changes it (UPDATE)\'); '
 'END',
 'CREATE TRIGGER IF NOT EXISTS "guard_orders_leg_update" BEFORE UPDATE ON "orders_leg" WHEN OLD."id" <> NEW."id" OR '
 "0 BEGIN SELECT RAISE(ABORT, 'orders_leg is a kept record: append what changes it (UPDATE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_orders_order_update" BEFORE UPDATE ON "orders_order" WHEN OLD."id" <> NEW."id" '
 'OR EXISTS (SELECT 1 FROM "orders_order" WHERE (("plant_id" = NEW."plant_id" AND "number" = NEW."number")) AND "id" '
 '<> OLD."id") BEGIN SELECT RAISE(ABORT, \'orders_order is a kept record: append what changes it (UPDATE)\'); END',
 'CREATE TRIGGER IF NOT EXISTS "guard_orders_stage_update" BEFORE UPDATE ON "orders_stage" WHEN OLD."id" <> NEW."id" '
 'OR EXISTS (SELECT 1 FROM "orders_stage" WHERE (("order_id" = NEW."order_id" AND "position" = NEW."position")) AND '
 '"id" <> OLD."id") BEGIN SELECT RAISE(ABORT, \'orders_stage is a kept record: append what changes it (UPDATE)\'); '
 'END',
 'CREATE TRIGGER IF NOT EXISTS "guard_people_contact_update" BEFORE UPDATE ON "people_contact" WHEN OLD."id" <> '
 'NEW."id" OR EXISTS (SELECT 1 FROM "people_contact" WHERE (("person_id" = NEW."person_id")) AND "id" <> OLD."id") '
 "BEGIN SELECT RAISE(ABORT, 'people_contact is a kept record: append what changes it (UPDATE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_people_engagement_update" BEFORE UPDATE ON "people_engagement" WHEN OLD."id" '
 '<> NEW."id" OR 0 BEGIN SELECT RAISE(ABORT, \'people_engagement is a kept record: append what changes it '
 "(UPDATE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_people_identity_update" BEFORE UPDATE ON "people_identity" WHEN OLD."id" <> '
 'NEW."id" OR EXISTS (SELECT 1 FROM "people_identity" WHERE (("channel" = NEW."channel" AND "tenant" = NEW."tenant" '
 'AND "account" = NEW."account")) AND "id" <> OLD."id") BEGIN SELECT RAISE(ABORT, \'people_identity is a kept '
 "record: append what changes it (UPDATE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_people_invite_update" BEFORE UPDATE ON "people_invite" WHEN OLD."id" <> '
 'NEW."id" OR EXISTS (SELECT 1 FROM "people_invite" WHERE (("token_hash" = NEW."token_hash")) AND "id" <> OLD."id") '
 "BEGIN SELECT RAISE(ABORT, 'people_invite is a kept record: append what changes it (UPDATE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_people_link_update" BEFORE UPDATE ON "people_link" WHEN OLD."id" <> NEW."id" '
 'OR EXISTS (SELECT 1 FROM "people_link" WHERE (("token_hash" = NEW."token_hash")) AND "id" <> OLD."id") BEGIN '
 "SELECT RAISE(ABORT, 'people_link is a kept record: append what changes it (UPDATE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_people_organisation_update" BEFORE UPDATE ON "people_organisation" WHEN '
 'OLD."id" <> NEW."id" OR EXISTS (SELECT 1 FROM "people_organisation" WHERE (("code" = NEW."code")) AND "id" <> '
 'OLD."id") BEGIN SELECT RAISE(ABORT, \'people_organisation is a kept record: append what changes it (UPDATE)\'); '
 'END',
 'CREATE TRIGGER IF NOT EXISTS "guard_people_person_update" BEFORE UPDATE ON "people_person" WHEN OLD."id" <> '
 'NEW."id" OR 0 BEGIN SELECT RAISE(ABORT, \'people_person is a kept record: append what changes it (UPDATE)\'); END',
 'CREATE TRIGGER IF NOT EXISTS "guard_people_responsibility_update" BEFORE UPDATE ON "people_responsibility" WHEN '
 'OLD."id" <> NEW."id" OR 0 BEGIN SELECT RAISE(ABORT, \'people_responsibility is a kept record: append what changes '
 "it (UPDATE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_people_role_update" BEFORE UPDATE ON "people_role" WHEN OLD."id" <> NEW."id" '
 "OR 0 BEGIN SELECT RAISE(ABORT, 'people_role is a kept record: append what changes it (UPDATE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_people_session_update" BEFORE UPDATE ON "people_session" WHEN OLD."id" <> '
 'NEW."id" OR EXISTS (SELECT 1 FROM "people_session" WHERE (("token_hash" = NEW."token_hash")) AND "id" <> OLD."id") '
 "BEGIN SELECT RAISE(ABORT, 'people_session is a kept record: append what changes it (UPDATE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_people_site_update" BEFORE UPDATE ON "people_site" WHEN OLD."id" <> NEW."id" '
 'OR EXISTS (SELECT 1 FROM "people_site" WHERE (("organisation_id" = NEW."organisation_id" AND "code" = NEW."code")) '
 'AND "id" <> OLD."id") BEGIN SELECT RAISE(ABORT, \'people_site is a kept record: append what changes it '
 "(UPDATE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_products_identifier_update" BEFORE UPDATE ON "products_identifier" WHEN '
 'OLD."id" <> NEW."id" OR EXISTS (SELECT 1 FROM "products_identifier" WHERE (("plant_id" = NEW."plant_id" AND '
 '"agency" = NEW."agency" AND "code" = NEW."code")) AND "id" <> OLD."id") BEGIN SELECT RAISE(ABORT, '
 "'products_identifier is a kept record: append what changes it (UPDATE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_products_product_update" BEFORE UPDATE ON "products_product" WHEN OLD."id" <> '
 'NEW."id" OR EXISTS (SELECT 1 FROM "products_product" WHERE (("plant_id" = NEW."plant_id" AND "code" = NEW."code")) '
 'AND "id" <> OLD."id") BEGIN SELECT RAISE(ABORT, \'products_product is a kept record: append what changes it '
 "(UPDATE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_sensors_episode_update" BEFORE UPDATE ON "sensors_episode" WHEN OLD."id" <> '
 'NEW."id" OR 0 BEGIN SELECT RAISE(ABORT, \'sensors_episode is a kept record: append what changes it (UPDATE)\'); '
 'END',
 'CREATE TRIGGER IF NOT EXISTS "guard_sensors_sensor_update" BEFORE UPDATE ON "sensors_sensor" WHEN OLD."id" <> '
 'NEW."id" OR EXISTS (SELECT 1 FROM "sensors_sensor" WHERE (("topic" = NEW."topic") OR ("plant_id" = NEW."plant_id" '
 'AND "code" = NEW."code")) AND "id" <> OLD."id") BEGIN SELECT RAISE(ABORT, \'sensors_sensor is a kept record: '
 "append what changes it (UPDATE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_sensors_standing_update" BEFORE UPDATE ON "sensors_standing" WHEN OLD."id" <> '
 'NEW."id" OR 0 BEGIN SELECT RAISE(ABORT, \'sensors_standing is a kept record: append what changes it (UPDATE)\'); '
 'END',
 'CREATE TRIGGER IF NOT EXISTS "guard_signing_ceremony_update" BEFORE UPDATE ON "signing_ceremony" WHEN OLD."id" <> '
 'NEW."id" OR EXISTS (SELECT 1 FROM "signing_ceremony" WHERE (("plant_id" = NEW."plant_id" AND "number" = '
 'NEW."number")) AND "id" <> OLD."id") BEGIN SELECT RAISE(ABORT, \'signing_ceremony is a kept record: append what '
 "changes it (UPDATE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_signing_delegation_update" BEFORE UPDATE ON "signing_delegation" WHEN OLD."id" '
 '<> NEW."id" OR EXISTS (SELECT 1 FROM "signing_delegation" WHERE (("plant_id" = NEW."plant_id" AND "number" = '
 'NEW."number")) AND "id" <> OLD."id") BEGIN SELECT RAISE(ABORT, \'signing_delegation is a kept record: append what '
 "changes it (UPDATE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_signing_factor_update" BEFORE UPDATE ON "signing_factor" WHEN OLD."id" <> '
 'NEW."id" OR 0 BEGIN SELECT RAISE(ABORT, \'signing_factor is a kept record: append what changes it (UPDATE)\'); END',
 'CREATE TRIGGER IF NOT EXISTS "guard_signing_passkey_update" BEFORE UPDATE ON "signing_passkey" WHEN OLD."id" <> '
 'NEW."id" OR EXISTS (SELECT 1 FROM "signing_passkey" WHERE (("credential_hash" = NEW."credential_hash")) AND "id" '
 '<> OLD."id") BEGIN SELECT RAISE(ABORT, \'signing_passkey is a kept record: append what changes it (UPDATE)\'); END',
 'CREATE TRIGGER IF NOT EXISTS "guard_signing_proposal_update" BEFORE UPDATE ON "signing_proposal" WHEN OLD."id" <> '
 'NEW."id" OR EXISTS (SELECT 1 FROM "signing_proposal" WHERE (("plant_id" = NEW."plant_id" AND "number" = '
 'NEW."number")) AND "id" <> OLD."id") BEGIN SELECT RAISE(ABORT, \'signing_proposal is a kept record: append what '
 "changes it (UPDATE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_signing_session_update" BEFORE UPDATE ON "signing_session" WHEN OLD."id" <> '
 'NEW."id" OR 0 BEGIN SELECT RAISE(ABORT, \'signing_session is a kept record: append what changes it (UPDATE)\'); '
 'END',
 'CREATE TRIGGER IF NOT EXISTS "guard_webhooks_subscription_update" BEFORE UPDATE ON "webhooks_subscription" WHEN '
 'OLD."id" <> NEW."id" OR 0 BEGIN SELECT RAISE(ABORT, \'webhooks_subscription is a kept record: append what changes '
 "it (UPDATE)'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_witness_key_update" BEFORE UPDATE ON "witness_key" WHEN OLD."id" <> NEW."id" '
 'OR EXISTS (SELECT 1 FROM "witness_key" WHERE (("plant_id" = NEW."plant_id" AND "line" = NEW."line")) AND "id" <> '
 'OLD."id") BEGIN SELECT RAISE(ABORT, \'witness_key is a kept record: append what changes it (UPDATE)\'); END',
 'CREATE TRIGGER IF NOT EXISTS "guard_witness_witness_update" BEFORE UPDATE ON "witness_witness" WHEN OLD."id" <> '
 'NEW."id" OR 0 BEGIN SELECT RAISE(ABORT, \'witness_witness is a kept record: append what changes it (UPDATE)\'); '
 'END',
 'CREATE TRIGGER IF NOT EXISTS "guard_ledger_leaf_place" BEFORE INSERT ON "ledger_leaf" WHEN NOT (NEW.position = '
 '(SELECT COALESCE(MAX(position) + 1, 0) FROM ledger_leaf) AND EXISTS (SELECT 1 FROM ledger_pending WHERE entry_id = '
 'NEW.entry_id) AND EXISTS (SELECT 1 FROM ledger_entry WHERE id = NEW.entry_id AND leaf = NEW.leaf)) BEGIN SELECT '
 "RAISE(ABORT, 'ledger_leaf takes what waits, with its own hash, at the next place'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_ledger_pending_leave" BEFORE DELETE ON "ledger_pending" WHEN NOT EXISTS '
 "(SELECT 1 FROM ledger_leaf WHERE entry_id = OLD.entry_id) BEGIN SELECT RAISE(ABORT, 'ledger_pending lets an entry "
 "go once it is sealed'); END",
 'CREATE TRIGGER IF NOT EXISTS "guard_ledger_pending_change" BEFORE UPDATE ON "ledger_pending" WHEN 1 BEGIN SELECT '
 "RAISE(ABORT, 'ledger_pending lets an entry go once it is sealed'); END")

POSTGRES = ("CREATE OR REPLACE FUNCTION ledger_guard() RETURNS trigger LANGUAGE plpgsql AS $guard$ BEGIN RAISE EXCEPTION '% is "
 "a kept record: append what changes it (%)', TG_TABLE_NAME, TG_OP USING ERRCODE = 'integrity_constraint_violation'; "
 'END; $guard$',
 'CREATE OR REPLACE FUNCTION ledger_guard_leaf() RETURNS trigger LANGUAGE plpgsql AS $guard$ BEGIN IF NOT '
 '(NEW.position = (SELECT COALESCE(MAX(position) + 1, 0) FROM ledger_leaf) AND EXISTS (SELECT 1 FROM ledger_pending '
 'WHERE entry_id = NEW.entry_id) AND EXISTS (SELECT 1 FROM ledger_entry WHERE id = NEW.entry_id AND leaf = '
 "NEW.leaf)) THEN RAISE EXCEPTION 'ledger_leaf takes what waits, with its own hash, at the next place' USING ERRCODE "
 "= 'integrity_constraint_violation'; END IF; RETURN NEW; END; $guard$",
 'CREATE OR REPLACE FUNCTION ledger_guard_pending() RETURNS trigger LANGUAGE plpgsql AS $guard$ BEGIN IF NOT (EXISTS '
 "(SELECT 1 FROM ledger_leaf WHERE entry_id = OLD.entry_id)) THEN RAISE EXCEPTION 'ledger_pending lets an entry go "
 "once it is sealed' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN OLD; END; $guard$",
 'CREATE OR REPLACE TRIGGER "guard_anomalies_grading_change" BEFORE UPDATE OR DELETE ON "anomalies_grading" FOR EACH '
 'ROW EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "anomalies_grading" ENABLE ALWAYS TRIGGER "guard_anomalies_grading_change"',
 'CREATE OR REPLACE TRIGGER "guard_anomalies_rules_change" BEFORE UPDATE OR DELETE ON "anomalies_rules" FOR EACH ROW '
 'EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "anomalies_rules" ENABLE ALWAYS TRIGGER "guard_anomalies_rules_change"',
 'CREATE OR REPLACE TRIGGER "guard_anomalies_supplement_change" BEFORE UPDATE OR DELETE ON "anomalies_supplement" '
 'FOR EACH ROW EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "anomalies_supplement" ENABLE ALWAYS TRIGGER "guard_anomalies_supplement_change"',
 'CREATE OR REPLACE TRIGGER "guard_anomalies_clocks_change" BEFORE UPDATE OR DELETE ON "anomalies_clocks" FOR EACH '
 'ROW EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "anomalies_clocks" ENABLE ALWAYS TRIGGER "guard_anomalies_clocks_change"',
 'CREATE OR REPLACE TRIGGER "guard_calendars_rule_change" BEFORE UPDATE OR DELETE ON "calendars_rule" FOR EACH ROW '
 'EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "calendars_rule" ENABLE ALWAYS TRIGGER "guard_calendars_rule_change"',
 'CREATE OR REPLACE TRIGGER "guard_calendars_warned_change" BEFORE UPDATE OR DELETE ON "calendars_warned" FOR EACH '
 'ROW EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "calendars_warned" ENABLE ALWAYS TRIGGER "guard_calendars_warned_change"',
 'CREATE OR REPLACE TRIGGER "guard_clients_token_change" BEFORE UPDATE OR DELETE ON "clients_token" FOR EACH ROW '
 'EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "clients_token" ENABLE ALWAYS TRIGGER "guard_clients_token_change"',
 'CREATE OR REPLACE TRIGGER "guard_conditions_chunk_change" BEFORE UPDATE OR DELETE ON "conditions_chunk" FOR EACH '
 'ROW EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "conditions_chunk" ENABLE ALWAYS TRIGGER "guard_conditions_chunk_change"',
 'CREATE OR REPLACE TRIGGER "guard_conditions_reading_change" BEFORE UPDATE OR DELETE ON "conditions_reading" FOR '
 'EACH ROW EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "conditions_reading" ENABLE ALWAYS TRIGGER "guard_conditions_reading_change"',
 'CREATE OR REPLACE TRIGGER "guard_conditions_series_change" BEFORE UPDATE OR DELETE ON "conditions_series" FOR EACH '
 'ROW EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "conditions_series" ENABLE ALWAYS TRIGGER "guard_conditions_series_change"',
 'CREATE OR REPLACE TRIGGER "guard_epcis_concern_change" BEFORE UPDATE OR DELETE ON "epcis_concern" FOR EACH ROW '
 'EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "epcis_concern" ENABLE ALWAYS TRIGGER "guard_epcis_concern_change"',
 'CREATE OR REPLACE TRIGGER "guard_epcis_deed_change" BEFORE UPDATE OR DELETE ON "epcis_deed" FOR EACH ROW EXECUTE '
 'FUNCTION ledger_guard()',
 'ALTER TABLE "epcis_deed" ENABLE ALWAYS TRIGGER "guard_epcis_deed_change"',
 'CREATE OR REPLACE TRIGGER "guard_epcis_event_change" BEFORE UPDATE OR DELETE ON "epcis_event" FOR EACH ROW EXECUTE '
 'FUNCTION ledger_guard()',
 'ALTER TABLE "epcis_event" ENABLE ALWAYS TRIGGER "guard_epcis_event_change"',
 'CREATE OR REPLACE TRIGGER "guard_epcis_location_change" BEFORE UPDATE OR DELETE ON "epcis_location" FOR EACH ROW '
 'EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "epcis_location" ENABLE ALWAYS TRIGGER "guard_epcis_location_change"',
 'CREATE OR REPLACE TRIGGER "guard_epcis_mention_change" BEFORE UPDATE OR DELETE ON "epcis_mention" FOR EACH ROW '
 'EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "epcis_mention" ENABLE ALWAYS TRIGGER "guard_epcis_mention_change"',
 'CREATE OR REPLACE TRIGGER "guard_escalation_acknowledgement_change" BEFORE UPDATE OR DELETE ON '
 '"escalation_acknowledgement" FOR EACH ROW EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "escalation_acknowledgement" ENABLE ALWAYS TRIGGER "guard_escalation_acknowledgement_change"',
 'CREATE OR REPLACE TRIGGER "guard_escalation_policy_change" BEFORE UPDATE OR DELETE ON "escalation_policy" FOR EACH '
 'ROW EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "escalation_policy" ENABLE ALWAYS TRIGGER "guard_escalation_policy_change"',
 'CREATE OR REPLACE TRIGGER "guard_escalation_tell_change" BEFORE UPDATE OR DELETE ON "escalation_tell" FOR EACH ROW '
 'EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "escalation_tell" ENABLE ALWAYS TRIGGER "guard_escalation_tell_change"',
 'CREATE OR REPLACE TRIGGER "guard_evidence_evidence_change" BEFORE UPDATE OR DELETE ON "evidence_evidence" FOR EACH '
 'ROW EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "evidence_evidence" ENABLE ALWAYS TRIGGER "guard_evidence_evidence_change"',
 'CREATE OR REPLACE TRIGGER "guard_evidence_link_change" BEFORE UPDATE OR DELETE ON "evidence_link" FOR EACH ROW '
 'EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "evidence_link" ENABLE ALWAYS TRIGGER "guard_evidence_link_change"',
 'CREATE OR REPLACE TRIGGER "guard_inspections_characteristic_change" BEFORE UPDATE OR DELETE ON '
 '"inspections_characteristic" FOR EACH ROW EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "inspections_characteristic" ENABLE ALWAYS TRIGGER "guard_inspections_characteristic_change"',
 'CREATE OR REPLACE TRIGGER "guard_inspections_finding_change" BEFORE UPDATE OR DELETE ON "inspections_finding" FOR '
 'EACH ROW EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "inspections_finding" ENABLE ALWAYS TRIGGER "guard_inspections_finding_change"',
 'CREATE OR REPLACE TRIGGER "guard_inspections_method_change" BEFORE UPDATE OR DELETE ON "inspections_method" FOR '
 'EACH ROW EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "inspections_method" ENABLE ALWAYS TRIGGER "guard_inspections_method_change"',
 'CREATE OR REPLACE TRIGGER "guard_inspections_report_change" BEFORE UPDATE OR DELETE ON "inspections_report" FOR '
 'EACH ROW EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "inspections_report" ENABLE ALWAYS TRIGGER "guard_inspections_report_change"',
 'CREATE OR REPLACE TRIGGER "guard_inspections_result_change" BEFORE UPDATE OR DELETE ON "inspections_result" FOR '
 'EACH ROW EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "inspections_result" ENABLE ALWAYS TRIGGER "guard_inspections_result_change"',
 'CREATE OR REPLACE TRIGGER "guard_inspections_value_change" BEFORE UPDATE OR DELETE ON "inspections_value" FOR EACH '
 'ROW EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "inspections_value" ENABLE ALWAYS TRIGGER "guard_inspections_value_change"',
 'CREATE OR REPLACE TRIGGER "guard_ledger_checkpoint_change" BEFORE UPDATE OR DELETE ON "ledger_checkpoint" FOR EACH '
 'ROW EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "ledger_checkpoint" ENABLE ALWAYS TRIGGER "guard_ledger_checkpoint_change"',
 'CREATE OR REPLACE TRIGGER "guard_ledger_entry_change" BEFORE UPDATE OR DELETE ON "ledger_entry" FOR EACH ROW '
 'EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "ledger_entry" ENABLE ALWAYS TRIGGER "guard_ledger_entry_change"',
 'CREATE OR REPLACE TRIGGER "guard_ledger_leaf_change" BEFORE UPDATE OR DELETE ON "ledger_leaf" FOR EACH ROW EXECUTE '
 'FUNCTION ledger_guard()',
 'ALTER TABLE "ledger_leaf" ENABLE ALWAYS TRIGGER "guard_ledger_leaf_change"',
 'CREATE OR REPLACE TRIGGER "guard_lots_link_change" BEFORE UPDATE OR DELETE ON "lots_link" FOR EACH ROW EXECUTE '
 'FUNCTION ledger_guard()',
 'ALTER TABLE "lots_link" ENABLE ALWAYS TRIGGER "guard_lots_link_change"',
 'CREATE OR REPLACE TRIGGER "guard_lots_operation_change" BEFORE UPDATE OR DELETE ON "lots_operation" FOR EACH ROW '
 'EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "lots_operation" ENABLE ALWAYS TRIGGER "guard_lots_operation_change"',
 'CREATE OR REPLACE TRIGGER "guard_orders_stage_lot_change" BEFORE UPDATE OR DELETE ON "orders_stage_lot" FOR EACH '
 'ROW EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "orders_stage_lot" ENABLE ALWAYS TRIGGER "guard_orders_stage_lot_change"',
 'CREATE OR REPLACE TRIGGER "guard_lots_link_void_change" BEFORE UPDATE OR DELETE ON "lots_link_void" FOR EACH ROW '
 'EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "lots_link_void" ENABLE ALWAYS TRIGGER "guard_lots_link_void_change"',
 'CREATE OR REPLACE TRIGGER "guard_people_access_log_change" BEFORE UPDATE OR DELETE ON "people_access_log" FOR EACH '
 'ROW EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "people_access_log" ENABLE ALWAYS TRIGGER "guard_people_access_log_change"',
 'CREATE OR REPLACE TRIGGER "guard_products_bom_change" BEFORE UPDATE OR DELETE ON "products_bom" FOR EACH ROW '
 'EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "products_bom" ENABLE ALWAYS TRIGGER "guard_products_bom_change"',
 'CREATE OR REPLACE TRIGGER "guard_products_bom_line_change" BEFORE UPDATE OR DELETE ON "products_bom_line" FOR EACH '
 'ROW EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "products_bom_line" ENABLE ALWAYS TRIGGER "guard_products_bom_line_change"',
 'CREATE OR REPLACE TRIGGER "guard_products_factor_change" BEFORE UPDATE OR DELETE ON "products_factor" FOR EACH ROW '
 'EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "products_factor" ENABLE ALWAYS TRIGGER "guard_products_factor_change"',
 'CREATE OR REPLACE TRIGGER "guard_products_parameter_change" BEFORE UPDATE OR DELETE ON "products_parameter" FOR '
 'EACH ROW EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "products_parameter" ENABLE ALWAYS TRIGGER "guard_products_parameter_change"',
 'CREATE OR REPLACE TRIGGER "guard_sensors_chunk_change" BEFORE UPDATE OR DELETE ON "sensors_chunk" FOR EACH ROW '
 'EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "sensors_chunk" ENABLE ALWAYS TRIGGER "guard_sensors_chunk_change"',
 'CREATE OR REPLACE TRIGGER "guard_sensors_rule_change" BEFORE UPDATE OR DELETE ON "sensors_rule" FOR EACH ROW '
 'EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "sensors_rule" ENABLE ALWAYS TRIGGER "guard_sensors_rule_change"',
 'CREATE OR REPLACE TRIGGER "guard_signing_assertion_change" BEFORE UPDATE OR DELETE ON "signing_assertion" FOR EACH '
 'ROW EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "signing_assertion" ENABLE ALWAYS TRIGGER "guard_signing_assertion_change"',
 'CREATE OR REPLACE TRIGGER "guard_signing_policy_change" BEFORE UPDATE OR DELETE ON "signing_policy" FOR EACH ROW '
 'EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "signing_policy" ENABLE ALWAYS TRIGGER "guard_signing_policy_change"',
 'CREATE OR REPLACE TRIGGER "guard_signing_signature_change" BEFORE UPDATE OR DELETE ON "signing_signature" FOR EACH '
 'ROW EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "signing_signature" ENABLE ALWAYS TRIGGER "guard_signing_signature_change"',
 'CREATE OR REPLACE TRIGGER "guard_signing_voiding_change" BEFORE UPDATE OR DELETE ON "signing_voiding" FOR EACH ROW '
 'EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "signing_voiding" ENABLE ALWAYS TRIGGER "guard_signing_voiding_change"',
 'CREATE OR REPLACE TRIGGER "guard_sop_template_change" BEFORE UPDATE OR DELETE ON "sop_template" FOR EACH ROW '
 'EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "sop_template" ENABLE ALWAYS TRIGGER "guard_sop_template_change"',
 'CREATE OR REPLACE TRIGGER "guard_witness_acknowledgement_change" BEFORE UPDATE OR DELETE ON '
 '"witness_acknowledgement" FOR EACH ROW EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "witness_acknowledgement" ENABLE ALWAYS TRIGGER "guard_witness_acknowledgement_change"',
 'CREATE OR REPLACE TRIGGER "guard_witness_cosignature_change" BEFORE UPDATE OR DELETE ON "witness_cosignature" FOR '
 'EACH ROW EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "witness_cosignature" ENABLE ALWAYS TRIGGER "guard_witness_cosignature_change"',
 'CREATE OR REPLACE TRIGGER "guard_witness_stamp_change" BEFORE UPDATE OR DELETE ON "witness_stamp" FOR EACH ROW '
 'EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "witness_stamp" ENABLE ALWAYS TRIGGER "guard_witness_stamp_change"',
 'CREATE OR REPLACE TRIGGER "guard_anomalies_anomaly_delete" BEFORE DELETE ON "anomalies_anomaly" FOR EACH ROW '
 'EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "anomalies_anomaly" ENABLE ALWAYS TRIGGER "guard_anomalies_anomaly_delete"',
 'CREATE OR REPLACE TRIGGER "guard_anomalies_anomaly_move" BEFORE UPDATE ON "anomalies_anomaly" FOR EACH ROW WHEN '
 '(OLD."id" IS DISTINCT FROM NEW."id") EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "anomalies_anomaly" ENABLE ALWAYS TRIGGER "guard_anomalies_anomaly_move"',
 'CREATE OR REPLACE TRIGGER "guard_anomalies_extension_delete" BEFORE DELETE ON "anomalies_extension" FOR EACH ROW '
 'EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "anomalies_extension" ENABLE ALWAYS TRIGGER "guard_anomalies_extension_delete"',
 'CREATE OR REPLACE TRIGGER "guard_anomalies_extension_move" BEFORE UPDATE ON "anomalies_extension" FOR EACH ROW '
 'WHEN (OLD."id" IS DISTINCT FROM NEW."id") EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "anomalies_extension" ENABLE ALWAYS TRIGGER "guard_anomalies_extension_move"',
 'CREATE OR REPLACE TRIGGER "guard_anomalies_supplier_clock_delete" BEFORE DELETE ON "anomalies_supplier_clock" FOR '
 'EACH ROW EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "anomalies_supplier_clock" ENABLE ALWAYS TRIGGER "guard_anomalies_supplier_clock_delete"',
 'CREATE OR REPLACE TRIGGER "guard_anomalies_supplier_clock_move" BEFORE UPDATE ON "anomalies_supplier_clock" FOR '
 'EACH ROW WHEN (OLD."id" IS DISTINCT FROM NEW."id") EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "anomalies_supplier_clock" ENABLE ALWAYS TRIGGER "guard_anomalies_supplier_clock_move"',
 'CREATE OR REPLACE TRIGGER "guard_calendars_day_delete" BEFORE DELETE ON "calendars_day" FOR EACH ROW EXECUTE '
 'FUNCTION ledger_guard()',
 'ALTER TABLE "calendars_day" ENABLE ALWAYS TRIGGER "guard_calendars_day_delete"',
 'CREATE OR REPLACE TRIGGER "guard_calendars_day_move" BEFORE UPDATE ON "calendars_day" FOR EACH ROW WHEN (OLD."id" '
 'IS DISTINCT FROM NEW."id") EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "calendars_day" ENABLE ALWAYS TRIGGER "guard_calendars_day_move"',
 'CREATE OR REPLACE TRIGGER "guard_calendars_shift_delete" BEFORE DELETE ON "calendars_shift" FOR EACH ROW EXECUTE '
 'FUNCTION ledger_guard()',
 'ALTER TABLE "calendars_shift" ENABLE ALWAYS TRIGGER "guard_calendars_shift_delete"',
 'CREATE OR REPLACE TRIGGER "guard_calendars_shift_move" BEFORE UPDATE ON "calendars_shift" FOR EACH ROW WHEN '
 '(OLD."id" IS DISTINCT FROM NEW."id") EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "calendars_shift" ENABLE ALWAYS TRIGGER "guard_calendars_shift_move"',
 'CREATE OR REPLACE TRIGGER "guard_capa_action_delete" BEFORE DELETE ON "capa_action" FOR EACH ROW EXECUTE FUNCTION '
 'ledger_guard()',
 'ALTER TABLE "capa_action" ENABLE ALWAYS TRIGGER "guard_capa_action_delete"',
 'CREATE OR REPLACE TRIGGER "guard_capa_action_move" BEFORE UPDATE ON "capa_action" FOR EACH ROW WHEN (OLD."id" IS '
 'DISTINCT FROM NEW."id") EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "capa_action" ENABLE ALWAYS TRIGGER "guard_capa_action_move"',
 'CREATE OR REPLACE TRIGGER "guard_capa_capa_delete" BEFORE DELETE ON "capa_capa" FOR EACH ROW EXECUTE FUNCTION '
 'ledger_guard()',
 'ALTER TABLE "capa_capa" ENABLE ALWAYS TRIGGER "guard_capa_capa_delete"',
 'CREATE OR REPLACE TRIGGER "guard_capa_capa_move" BEFORE UPDATE ON "capa_capa" FOR EACH ROW WHEN (OLD."id" IS '
 'DISTINCT FROM NEW."id") EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "capa_capa" ENABLE ALWAYS TRIGGER "guard_capa_capa_move"',
 'CREATE OR REPLACE TRIGGER "guard_clients_client_delete" BEFORE DELETE ON "clients_client" FOR EACH ROW EXECUTE '
 'FUNCTION ledger_guard()',
 'ALTER TABLE "clients_client" ENABLE ALWAYS TRIGGER "guard_clients_client_delete"',
 'CREATE OR REPLACE TRIGGER "guard_clients_client_move" BEFORE UPDATE ON "clients_client" FOR EACH ROW WHEN '
 '(OLD."id" IS DISTINCT FROM NEW."id") EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "clients_client" ENABLE ALWAYS TRIGGER "guard_clients_client_move"',
 'CREATE OR REPLACE TRIGGER "guard_clients_sandbox_delete" BEFORE DELETE ON "clients_sandbox" FOR EACH ROW EXECUTE '
 'FUNCTION ledger_guard()',
 'ALTER TABLE "clients_sandbox" ENABLE ALWAYS TRIGGER "guard_clients_sandbox_delete"',
 'CREATE OR REPLACE TRIGGER "guard_clients_sandbox_move" BEFORE UPDATE ON "clients_sandbox" FOR EACH ROW WHEN '
 '(OLD."id" IS DISTINCT FROM NEW."id") EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "clients_sandbox" ENABLE ALWAYS TRIGGER "guard_clients_sandbox_move"',
 'CREATE OR REPLACE TRIGGER "guard_clients_secret_delete" BEFORE DELETE ON "clients_secret" FOR EACH ROW EXECUTE '
 'FUNCTION ledger_guard()',
 'ALTER TABLE "clients_secret" ENABLE ALWAYS TRIGGER "guard_clients_secret_delete"',
 'CREATE OR REPLACE TRIGGER "guard_clients_secret_move" BEFORE UPDATE ON "clients_secret" FOR EACH ROW WHEN '
 '(OLD."id" IS DISTINCT FROM NEW."id") EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "clients_secret" ENABLE ALWAYS TRIGGER "guard_clients_secret_move"',
 'CREATE OR REPLACE TRIGGER "guard_duty_absence_delete" BEFORE DELETE ON "duty_absence" FOR EACH ROW EXECUTE '
 'FUNCTION ledger_guard()',
 'ALTER TABLE "duty_absence" ENABLE ALWAYS TRIGGER "guard_duty_absence_delete"',
 'CREATE OR REPLACE TRIGGER "guard_duty_absence_move" BEFORE UPDATE ON "duty_absence" FOR EACH ROW WHEN (OLD."id" IS '
 'DISTINCT FROM NEW."id") EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "duty_absence" ENABLE ALWAYS TRIGGER "guard_duty_absence_move"',
 'CREATE OR REPLACE TRIGGER "guard_duty_override_delete" BEFORE DELETE ON "duty_override" FOR EACH ROW EXECUTE '
 'FUNCTION ledger_guard()',
 'ALTER TABLE "duty_override" ENABLE ALWAYS TRIGGER "guard_duty_override_delete"',
 'CREATE OR REPLACE TRIGGER "guard_duty_override_move" BEFORE UPDATE ON "duty_override" FOR EACH ROW WHEN (OLD."id" '
 'IS DISTINCT FROM NEW."id") EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "duty_override" ENABLE ALWAYS TRIGGER "guard_duty_override_move"',
 'CREATE OR REPLACE TRIGGER "guard_duty_rotation_delete" BEFORE DELETE ON "duty_rotation" FOR EACH ROW EXECUTE '
 'FUNCTION ledger_guard()',
 'ALTER TABLE "duty_rotation" ENABLE ALWAYS TRIGGER "guard_duty_rotation_delete"',
 'CREATE OR REPLACE TRIGGER "guard_duty_rotation_move" BEFORE UPDATE ON "duty_rotation" FOR EACH ROW WHEN (OLD."id" '
 'IS DISTINCT FROM NEW."id") EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "duty_rotation" ENABLE ALWAYS TRIGGER "guard_duty_rotation_move"',
 'CREATE OR REPLACE TRIGGER "guard_duty_swap_delete" BEFORE DELETE ON "duty_swap" FOR EACH ROW EXECUTE FUNCTION '
 'ledger_guard()',
 'ALTER TABLE "duty_swap" ENABLE ALWAYS TRIGGER "guard_duty_swap_delete"',
 'CREATE OR REPLACE TRIGGER "guard_duty_swap_move" BEFORE UPDATE ON "duty_swap" FOR EACH ROW WHEN (OLD."id" IS '
 'DISTINCT FROM NEW."id") EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "duty_swap" ENABLE ALWAYS TRIGGER "guard_duty_swap_move"',
 'CREATE OR REPLACE TRIGGER "guard_duty_watch_delete" BEFORE DELETE ON "duty_watch" FOR EACH ROW EXECUTE FUNCTION '
 'ledger_guard()',
 'ALTER TABLE "duty_watch" ENABLE ALWAYS TRIGGER "guard_duty_watch_delete"',
 'CREATE OR REPLACE TRIGGER "guard_duty_watch_move" BEFORE UPDATE ON "duty_watch" FOR EACH ROW WHEN (OLD."id" IS '
 'DISTINCT FROM NEW."id") EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "duty_watch" ENABLE ALWAYS TRIGGER "guard_duty_watch_move"',
 'CREATE OR REPLACE TRIGGER "guard_epcis_capture_delete" BEFORE DELETE ON "epcis_capture" FOR EACH ROW EXECUTE '
 'FUNCTION ledger_guard()',
 'ALTER TABLE "epcis_capture" ENABLE ALWAYS TRIGGER "guard_epcis_capture_delete"',
 'CREATE OR REPLACE TRIGGER "guard_epcis_capture_move" BEFORE UPDATE ON "epcis_capture" FOR EACH ROW WHEN (OLD."id" '
 'IS DISTINCT FROM NEW."id") EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "epcis_capture" ENABLE ALWAYS TRIGGER "guard_epcis_capture_move"',
 'CREATE OR REPLACE TRIGGER "guard_epcis_held_delete" BEFORE DELETE ON "epcis_held" FOR EACH ROW EXECUTE FUNCTION '
 'ledger_guard()',
 'ALTER TABLE "epcis_held" ENABLE ALWAYS TRIGGER "guard_epcis_held_delete"',
 'CREATE OR REPLACE TRIGGER "guard_epcis_held_move" BEFORE UPDATE ON "epcis_held" FOR EACH ROW WHEN (OLD."id" IS '
 'DISTINCT FROM NEW."id") EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "epcis_held" ENABLE ALWAYS TRIGGER "guard_epcis_held_move"',
 'CREATE OR REPLACE TRIGGER "guard_escalation_run_delete" BEFORE DELETE ON "escalation_run" FOR EACH ROW EXECUTE '
 'FUNCTION ledger_guard()',
 'ALTER TABLE "escalation_run" ENABLE ALWAYS TRIGGER "guard_escalation_run_delete"',
 'CREATE OR REPLACE TRIGGER "guard_escalation_run_move" BEFORE UPDATE ON "escalation_run" FOR EACH ROW WHEN '
 '(OLD."id" IS DISTINCT FROM NEW."id") EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "escalation_run" ENABLE ALWAYS TRIGGER "guard_escalation_run_move"',
 'CREATE OR REPLACE TRIGGER "guard_inspections_sample_delete" BEFORE DELETE ON "inspections_sample" FOR EACH ROW '
 'EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "inspections_sample" ENABLE ALWAYS TRIGGER "guard_inspections_sample_delete"',
 'CREATE OR REPLACE TRIGGER "guard_inspections_sample_move" BEFORE UPDATE ON "inspections_sample" FOR EACH ROW WHEN '
 '(OLD."id" IS DISTINCT FROM NEW."id") EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "inspections_sample" ENABLE ALWAYS TRIGGER "guard_inspections_sample_move"',
 'CREATE OR REPLACE TRIGGER "guard_ledger_key_delete" BEFORE DELETE ON "ledger_key" FOR EACH ROW EXECUTE FUNCTION '
 'ledger_guard()',
 'ALTER TABLE "ledger_key" ENABLE ALWAYS TRIGGER "guard_ledger_key_delete"',
 'CREATE OR REPLACE TRIGGER "guard_ledger_key_move" BEFORE UPDATE ON "ledger_key" FOR EACH ROW WHEN (OLD."id" IS '
 'DISTINCT FROM NEW."id") EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "ledger_key" ENABLE ALWAYS TRIGGER "guard_ledger_key_move"',
 'CREATE OR REPLACE TRIGGER "guard_imports_run_delete" BEFORE DELETE ON "imports_run" FOR EACH ROW EXECUTE FUNCTION '
 'ledger_guard()',
 'ALTER TABLE "imports_run" ENABLE ALWAYS TRIGGER "guard_imports_run_delete"',
 'CREATE OR REPLACE TRIGGER "guard_imports_run_move" BEFORE UPDATE ON "imports_run" FOR EACH ROW WHEN (OLD."id" IS '
 'DISTINCT FROM NEW."id") EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "imports_run" ENABLE ALWAYS TRIGGER "guard_imports_run_move"',
 'CREATE OR REPLACE TRIGGER "guard_lots_hold_delete" BEFORE DELETE ON "lots_hold" FOR EACH ROW EXECUTE FUNCTION '
 'ledger_guard()',
 'ALTER TABLE "lots_hold" ENABLE ALWAYS TRIGGER "guard_lots_hold_delete"',
 'CREATE OR REPLACE TRIGGER "guard_lots_hold_move" BEFORE UPDATE ON "lots_hold" FOR EACH ROW WHEN (OLD."id" IS '
 'DISTINCT FROM NEW."id") EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "lots_hold" ENABLE ALWAYS TRIGGER "guard_lots_hold_move"',
 'CREATE OR REPLACE TRIGGER "guard_lots_lot_delete" BEFORE DELETE ON "lots_lot" FOR EACH ROW EXECUTE FUNCTION '
 'ledger_guard()',
 'ALTER TABLE "lots_lot" ENABLE ALWAYS TRIGGER "guard_lots_lot_delete"',
 'CREATE OR REPLACE TRIGGER "guard_lots_lot_move" BEFORE UPDATE ON "lots_lot" FOR EACH ROW WHEN (OLD."id" IS '
 'DISTINCT FROM NEW."id") EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "lots_lot" ENABLE ALWAYS TRIGGER "guard_lots_lot_move"',
 'CREATE OR REPLACE TRIGGER "guard_lots_rehearsal_delete" BEFORE DELETE ON "lots_rehearsal" FOR EACH ROW EXECUTE '
 'FUNCTION ledger_guard()',
 'ALTER TABLE "lots_rehearsal" ENABLE ALWAYS TRIGGER "guard_lots_rehearsal_delete"',
 'CREATE OR REPLACE TRIGGER "guard_lots_rehearsal_move" BEFORE UPDATE ON "lots_rehearsal" FOR EACH ROW WHEN '
 '(OLD."id" IS DISTINCT FROM NEW."id") EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "lots_rehearsal" ENABLE ALWAYS TRIGGER "guard_lots_rehearsal_move"',
 'CREATE OR REPLACE TRIGGER "guard_lots_serial_delete" BEFORE DELETE ON "lots_serial" FOR EACH ROW EXECUTE FUNCTION '
 'ledger_guard()',
 'ALTER TABLE "lots_serial" ENABLE ALWAYS TRIGGER "guard_lots_serial_delete"',
 'CREATE OR REPLACE TRIGGER "guard_lots_serial_move" BEFORE UPDATE ON "lots_serial" FOR EACH ROW WHEN (OLD."id" IS '
 'DISTINCT FROM NEW."id") EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "lots_serial" ENABLE ALWAYS TRIGGER "guard_lots_serial_move"',
 'CREATE OR REPLACE TRIGGER "guard_lots_shipment_delete" BEFORE DELETE ON "lots_shipment" FOR EACH ROW EXECUTE '
 'FUNCTION ledger_guard()',
 'ALTER TABLE "lots_shipment" ENABLE ALWAYS TRIGGER "guard_lots_shipment_delete"',
 'CREATE OR REPLACE TRIGGER "guard_lots_shipment_move" BEFORE UPDATE ON "lots_shipment" FOR EACH ROW WHEN (OLD."id" '
 'IS DISTINCT FROM NEW."id") EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "lots_shipment" ENABLE ALWAYS TRIGGER "guard_lots_shipment_move"',
 'CREATE OR REPLACE TRIGGER "guard_orders_handover_delete" BEFORE DELETE ON "orders_handover" FOR EACH ROW EXECUTE '
 'FUNCTION ledger_guard()',
 'ALTER TABLE "orders_handover" ENABLE ALWAYS TRIGGER "guard_orders_handover_delete"',
 'CREATE OR REPLACE TRIGGER "guard_orders_handover_move" BEFORE UPDATE ON "orders_handover" FOR EACH ROW WHEN '
 '(OLD."id" IS DISTINCT FROM NEW."id") EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "orders_handover" ENABLE ALWAYS TRIGGER "guard_orders_handover_move"',
 'CREATE OR REPLACE TRIGGER "guard_orders_leg_delete" BEFORE DELETE ON "orders_leg" FOR EACH ROW EXECUTE FUNCTION '
 'ledger_guard()',
 'ALTER TABLE "orders_leg" ENABLE ALWAYS TRIGGER "guard_orders_leg_delete"',
 'CREATE OR REPLACE TRIGGER "guard_orders_leg_move" BEFORE UPDATE ON "orders_leg" FOR EACH ROW WHEN (OLD."id" IS '
 'DISTINCT FROM NEW."id") EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "orders_leg" ENABLE ALWAYS TRIGGER "guard_orders_leg_move"',
 'CREATE OR REPLACE TRIGGER "guard_orders_order_delete" BEFORE DELETE ON "orders_order" FOR EACH ROW EXECUTE '
 'FUNCTION ledger_guard()',
 'ALTER TABLE "orders_order" ENABLE ALWAYS TRIGGER "guard_orders_order_delete"',
 'CREATE OR REPLACE TRIGGER "guard_orders_order_move" BEFORE UPDATE ON "orders_order" FOR EACH ROW WHEN (OLD."id" IS '
 'DISTINCT FROM NEW."id") EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "orders_order" ENABLE ALWAYS TRIGGER "guard_orders_order_move"',
 'CREATE OR REPLACE TRIGGER "guard_orders_stage_delete" BEFORE DELETE ON "orders_stage" FOR EACH ROW EXECUTE '
 'FUNCTION ledger_guard()',
 'ALTER TABLE "orders_stage" ENABLE ALWAYS TRIGGER "guard_orders_stage_delete"',
 'CREATE OR REPLACE TRIGGER "guard_orders_stage_move" BEFORE UPDATE ON "orders_stage" FOR EACH ROW WHEN (OLD."id" IS '
 'DISTINCT FROM NEW."id") EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "orders_stage" ENABLE ALWAYS TRIGGER "guard_orders_stage_move"',
 'CREATE OR REPLACE TRIGGER "guard_people_contact_delete" BEFORE DELETE ON "people_contact" FOR EACH ROW EXECUTE '
 'FUNCTION ledger_guard()',
 'ALTER TABLE "people_contact" ENABLE ALWAYS TRIGGER "guard_people_contact_delete"',
 'CREATE OR REPLACE TRIGGER "guard_people_contact_move" BEFORE UPDATE ON "people_contact" FOR EACH ROW WHEN '
 '(OLD."id" IS DISTINCT FROM NEW."id") EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "people_contact" ENABLE ALWAYS TRIGGER "guard_people_contact_move"',
 'CREATE OR REPLACE TRIGGER "guard_people_engagement_delete" BEFORE DELETE ON "people_engagement" FOR EACH ROW '
 'EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "people_engagement" ENABLE ALWAYS TRIGGER "guard_people_engagement_delete"',
 'CREATE OR REPLACE TRIGGER "guard_people_engagement_move" BEFORE UPDATE ON "people_engagement" FOR EACH ROW WHEN '
 '(OLD."id" IS DISTINCT FROM NEW."id") EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "people_engagement" ENABLE ALWAYS TRIGGER "guard_people_engagement_move"',
 'CREATE OR REPLACE TRIGGER "guard_people_identity_delete" BEFORE DELETE ON "people_identity" FOR EACH ROW EXECUTE '
 'FUNCTION ledger_guard()',
 'ALTER TABLE "people_identity" ENABLE ALWAYS TRIGGER "guard_people_identity_delete"',
 'CREATE OR REPLACE TRIGGER "guard_people_identity_move" BEFORE UPDATE ON "people_identity" FOR EACH ROW WHEN '
 '(OLD."id" IS DISTINCT FROM NEW."id") EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "people_identity" ENABLE ALWAYS TRIGGER "guard_people_identity_move"',
 'CREATE OR REPLACE TRIGGER "guard_people_invite_delete" BEFORE DELETE ON "people_invite" FOR EACH ROW EXECUTE '
 'FUNCTION ledger_guard()',
 'ALTER TABLE "people_invite" ENABLE ALWAYS TRIGGER "guard_people_invite_delete"',
 'CREATE OR REPLACE TRIGGER "guard_people_invite_move" BEFORE UPDATE ON "people_invite" FOR EACH ROW WHEN (OLD."id" '
 'IS DISTINCT FROM NEW."id") EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "people_invite" ENABLE ALWAYS TRIGGER "guard_people_invite_move"',
 'CREATE OR REPLACE TRIGGER "guard_people_link_delete" BEFORE DELETE ON "people_link" FOR EACH ROW EXECUTE FUNCTION '
 'ledger_guard()',
 'ALTER TABLE "people_link" ENABLE ALWAYS TRIGGER "guard_people_link_delete"',
 'CREATE OR REPLACE TRIGGER "guard_people_link_move" BEFORE UPDATE ON "people_link" FOR EACH ROW WHEN (OLD."id" IS '
 'DISTINCT FROM NEW."id") EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "people_link" ENABLE ALWAYS TRIGGER "guard_people_link_move"',
 'CREATE OR REPLACE TRIGGER "guard_people_organisation_delete" BEFORE DELETE ON "people_organisation" FOR EACH ROW '
 'EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "people_organisation" ENABLE ALWAYS TRIGGER "guard_people_organisation_delete"',
 'CREATE OR REPLACE TRIGGER "guard_people_organisation_move" BEFORE UPDATE ON "people_organisation" FOR EACH ROW '
 'WHEN (OLD."id" IS DISTINCT FROM NEW."id") EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "people_organisation" ENABLE ALWAYS TRIGGER "guard_people_organisation_move"',
 'CREATE OR REPLACE TRIGGER "guard_people_person_delete" BEFORE DELETE ON "people_person" FOR EACH ROW EXECUTE '
 'FUNCTION ledger_guard()',
 'ALTER TABLE "people_person" ENABLE ALWAYS TRIGGER "guard_people_person_delete"',
 'CREATE OR REPLACE TRIGGER "guard_people_person_move" BEFORE UPDATE ON "people_person" FOR EACH ROW WHEN (OLD."id" '
 'IS DISTINCT FROM NEW."id") EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "people_person" ENABLE ALWAYS TRIGGER "guard_people_person_move"',
 'CREATE OR REPLACE TRIGGER "guard_people_responsibility_delete" BEFORE DELETE ON "people_responsibility" FOR EACH '
 'ROW EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "people_responsibility" ENABLE ALWAYS TRIGGER "guard_people_responsibility_delete"',
 'CREATE OR REPLACE TRIGGER "guard_people_responsibility_move" BEFORE UPDATE ON "people_responsibility" FOR EACH ROW '
 'WHEN (OLD."id" IS DISTINCT FROM NEW."id") EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "people_responsibility" ENABLE ALWAYS TRIGGER "guard_people_responsibility_move"',
 'CREATE OR REPLACE TRIGGER "guard_people_role_delete" BEFORE DELETE ON "people_role" FOR EACH ROW EXECUTE FUNCTION '
 'ledger_guard()',
 'ALTER TABLE "people_role" ENABLE ALWAYS TRIGGER "guard_people_role_delete"',
 'CREATE OR REPLACE TRIGGER "guard_people_role_move" BEFORE UPDATE ON "people_role" FOR EACH ROW WHEN (OLD."id" IS '
 'DISTINCT FROM NEW."id") EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "people_role" ENABLE ALWAYS TRIGGER "guard_people_role_move"',
 'CREATE OR REPLACE TRIGGER "guard_people_session_delete" BEFORE DELETE ON "people_session" FOR EACH ROW EXECUTE '
 'FUNCTION ledger_guard()',
 'ALTER TABLE "people_session" ENABLE ALWAYS TRIGGER "guard_people_session_delete"',
 'CREATE OR REPLACE TRIGGER "guard_people_session_move" BEFORE UPDATE ON "people_session" FOR EACH ROW WHEN '
 '(OLD."id" IS DISTINCT FROM NEW."id") EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "people_session" ENABLE ALWAYS TRIGGER "guard_people_session_move"',
 'CREATE OR REPLACE TRIGGER "guard_people_site_delete" BEFORE DELETE ON "people_site" FOR EACH ROW EXECUTE FUNCTION '
 'ledger_guard()',
 'ALTER TABLE "people_site" ENABLE ALWAYS TRIGGER "guard_people_site_delete"',
 'CREATE OR REPLACE TRIGGER "guard_people_site_move" BEFORE UPDATE ON "people_site" FOR EACH ROW WHEN (OLD."id" IS '
 'DISTINCT FROM NEW."id") EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "people_site" ENABLE ALWAYS TRIGGER "guard_people_site_move"',
 'CREATE OR REPLACE TRIGGER "guard_products_identifier_delete" BEFORE DELETE ON "products_identifier" FOR EACH ROW '
 'EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "products_identifier" ENABLE ALWAYS TRIGGER "guard_products_identifier_delete"',
 'CREATE OR REPLACE TRIGGER "guard_products_identifier_move" BEFORE UPDATE ON "products_identifier" FOR EACH ROW '
 'WHEN (OLD."id" IS DISTINCT FROM NEW."id") EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "products_identifier" ENABLE ALWAYS TRIGGER "guard_products_identifier_move"',
 'CREATE OR REPLACE TRIGGER "guard_products_product_delete" BEFORE DELETE ON "products_product" FOR EACH ROW EXECUTE '
 'FUNCTION ledger_guard()',
 'ALTER TABLE "products_product" ENABLE ALWAYS TRIGGER "guard_products_product_delete"',
 'CREATE OR REPLACE TRIGGER "guard_products_product_move" BEFORE UPDATE ON "products_product" FOR EACH ROW WHEN '
 '(OLD."id" IS DISTINCT FROM NEW."id") EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "products_product" ENABLE ALWAYS TRIGGER "guard_products_product_move"',
 'CREATE OR REPLACE TRIGGER "guard_sensors_episode_delete" BEFORE DELETE ON "sensors_episode" FOR EACH ROW EXECUTE '
 'FUNCTION ledger_guard()',
 'ALTER TABLE "sensors_episode" ENABLE ALWAYS TRIGGER "guard_sensors_episode_delete"',
 'CREATE OR REPLACE TRIGGER "guard_sensors_episode_move" BEFORE UPDATE ON "sensors_episode" FOR EACH ROW WHEN '
 '(OLD."id" IS DISTINCT FROM NEW."id") EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "sensors_episode" ENABLE ALWAYS TRIGGER "guard_sensors_episode_move"',
 'CREATE OR REPLACE TRIGGER "guard_sensors_sensor_delete" BEFORE DELETE ON "sensors_sensor" FOR EACH ROW EXECUTE '
 'FUNCTION ledger_guard()',
 'ALTER TABLE "sensors_sensor" ENABLE ALWAYS TRIGGER "guard_sensors_sensor_delete"',
 'CREATE OR REPLACE TRIGGER "guard_sensors_sensor_move" BEFORE UPDATE ON "sensors_sensor" FOR EACH ROW WHEN '
 '(OLD."id" IS DISTINCT FROM NEW."id") EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "sensors_sensor" ENABLE ALWAYS TRIGGER "guard_sensors_sensor_move"',
 'CREATE OR REPLACE TRIGGER "guard_sensors_standing_delete" BEFORE DELETE ON "sensors_standing" FOR EACH ROW EXECUTE '
 'FUNCTION ledger_guard()',
 'ALTER TABLE "sensors_standing" ENABLE ALWAYS TRIGGER "guard_sensors_standing_delete"',
 'CREATE OR REPLACE TRIGGER "guard_sensors_standing_move" BEFORE UPDATE ON "sensors_standing" FOR EACH ROW WHEN '
 '(OLD."id" IS DISTINCT FROM NEW."id") EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "sensors_standing" ENABLE ALWAYS TRIGGER "guard_sensors_standing_move"',
 'CREATE OR REPLACE TRIGGER "guard_signing_ceremony_delete" BEFORE DELETE ON "signing_ceremony" FOR EACH ROW EXECUTE '
 'FUNCTION ledger_guard()',
 'ALTER TABLE "signing_ceremony" ENABLE ALWAYS TRIGGER "guard_signing_ceremony_delete"',
 'CREATE OR REPLACE TRIGGER "guard_signing_ceremony_move" BEFORE UPDATE ON "signing_ceremony" FOR EACH ROW WHEN '
 '(OLD."id" IS DISTINCT FROM NEW."id") EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "signing_ceremony" ENABLE ALWAYS TRIGGER "guard_signing_ceremony_move"',
 'CREATE OR REPLACE TRIGGER "guard_signing_delegation_delete" BEFORE DELETE ON "signing_delegation" FOR EACH ROW '
 'EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "signing_delegation" ENABLE ALWAYS TRIGGER "guard_signing_delegation_delete"',
 'CREATE OR REPLACE TRIGGER "guard_signing_delegation_move" BEFORE UPDATE ON "signing_delegation" FOR EACH ROW WHEN '
 '(OLD."id" IS DISTINCT FROM NEW."id") EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "signing_delegation" ENABLE ALWAYS TRIGGER "guard_signing_delegation_move"',
 'CREATE OR REPLACE TRIGGER "guard_signing_factor_delete" BEFORE DELETE ON "signing_factor" FOR EACH ROW EXECUTE '
 'FUNCTION ledger_guard()',
 'ALTER TABLE "signing_factor" ENABLE ALWAYS TRIGGER "guard_signing_factor_delete"',
 'CREATE OR REPLACE TRIGGER "guard_signing_factor_move" BEFORE UPDATE ON "signing_factor" FOR EACH ROW WHEN '
 '(OLD."id" IS DISTINCT FROM NEW."id") EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "signing_factor" ENABLE ALWAYS TRIGGER "guard_signing_factor_move"',
 'CREATE OR REPLACE TRIGGER "guard_signing_passkey_delete" BEFORE DELETE ON "signing_passkey" FOR EACH ROW EXECUTE '
 'FUNCTION ledger_guard()',
 'ALTER TABLE "signing_passkey" ENABLE ALWAYS TRIGGER "guard_signing_passkey_delete"',
 'CREATE OR REPLACE TRIGGER "guard_signing_passkey_move" BEFORE UPDATE ON "signing_passkey" FOR EACH ROW WHEN '
 '(OLD."id" IS DISTINCT FROM NEW."id") EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "signing_passkey" ENABLE ALWAYS TRIGGER "guard_signing_passkey_move"',
 'CREATE OR REPLACE TRIGGER "guard_signing_proposal_delete" BEFORE DELETE ON "signing_proposal" FOR EACH ROW EXECUTE '
 'FUNCTION ledger_guard()',
 'ALTER TABLE "signing_proposal" ENABLE ALWAYS TRIGGER "guard_signing_proposal_delete"',
 'CREATE OR REPLACE TRIGGER "guard_signing_proposal_move" BEFORE UPDATE ON "signing_proposal" FOR EACH ROW WHEN '
 '(OLD."id" IS DISTINCT FROM NEW."id") EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "signing_proposal" ENABLE ALWAYS TRIGGER "guard_signing_proposal_move"',
 'CREATE OR REPLACE TRIGGER "guard_signing_session_delete" BEFORE DELETE ON "signing_session" FOR EACH ROW EXECUTE '
 'FUNCTION ledger_guard()',
 'ALTER TABLE "signing_session" ENABLE ALWAYS TRIGGER "guard_signing_session_delete"',
 'CREATE OR REPLACE TRIGGER "guard_signing_session_move" BEFORE UPDATE ON "signing_session" FOR EACH ROW WHEN '
 '(OLD."id" IS DISTINCT FROM NEW."id") EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "signing_session" ENABLE ALWAYS TRIGGER "guard_signing_session_move"',
 'CREATE OR REPLACE TRIGGER "guard_webhooks_subscription_delete" BEFORE DELETE ON "webhooks_subscription" FOR EACH '
 'ROW EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "webhooks_subscription" ENABLE ALWAYS TRIGGER "guard_webhooks_subscription_delete"',
 'CREATE OR REPLACE TRIGGER "guard_webhooks_subscription_move" BEFORE UPDATE ON "webhooks_subscription" FOR EACH ROW '
 'WHEN (OLD."id" IS DISTINCT FROM NEW."id") EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "webhooks_subscription" ENABLE ALWAYS TRIGGER "guard_webhooks_subscription_move"',
 'CREATE OR REPLACE TRIGGER "guard_witness_key_delete" BEFORE DELETE ON "witness_key" FOR EACH ROW EXECUTE FUNCTION '
 'ledger_guard()',
 'ALTER TABLE "witness_key" ENABLE ALWAYS TRIGGER "guard_witness_key_delete"',
 'CREATE OR REPLACE TRIGGER "guard_witness_key_move" BEFORE UPDATE ON "witness_key" FOR EACH ROW WHEN (OLD."id" IS '
 'DISTINCT FROM NEW."id") EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "witness_key" ENABLE ALWAYS TRIGGER "guard_witness_key_move"',
 'CREATE OR REPLACE TRIGGER "guard_witness_witness_delete" BEFORE DELETE ON "witness_witness" FOR EACH ROW EXECUTE '
 'FUNCTION ledger_guard()',
 'ALTER TABLE "witness_witness" ENABLE ALWAYS TRIGGER "guard_witness_witness_delete"',
 'CREATE OR REPLACE TRIGGER "guard_witness_witness_move" BEFORE UPDATE ON "witness_witness" FOR EACH ROW WHEN '
 '(OLD."id" IS DISTINCT FROM NEW."id") EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "witness_witness" ENABLE ALWAYS TRIGGER "guard_witness_witness_move"',
 'CREATE OR REPLACE TRIGGER "guard_anomalies_grading_truncate" BEFORE TRUNCATE ON "anomalies_grading" FOR EACH '
 'STATEMENT EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "anomalies_grading" ENABLE ALWAYS TRIGGER "guard_anomalies_grading_truncate"',
 'CREATE OR REPLACE TRIGGER "guard_anomalies_rules_truncate" BEFORE TRUNCATE ON "anomalies_rules" FOR EACH STATEMENT '
 'EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "anomalies_rules" ENABLE ALWAYS TRIGGER "guard_anomalies_rules_truncate"',
 'CREATE OR REPLACE TRIGGER "guard_anomalies_supplement_truncate" BEFORE TRUNCATE ON "anomalies_supplement" FOR EACH '
 'STATEMENT EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "anomalies_supplement" ENABLE ALWAYS TRIGGER "guard_anomalies_supplement_truncate"',
 'CREATE OR REPLACE TRIGGER "guard_anomalies_clocks_truncate" BEFORE TRUNCATE ON "anomalies_clocks" FOR EACH '
 'STATEMENT EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "anomalies_clocks" ENABLE ALWAYS TRIGGER "guard_anomalies_clocks_truncate"',
 'CREATE OR REPLACE TRIGGER "guard_calendars_rule_truncate" BEFORE TRUNCATE ON "calendars_rule" FOR EACH STATEMENT '
 'EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "calendars_rule" ENABLE ALWAYS TRIGGER "guard_calendars_rule_truncate"',
 'CREATE OR REPLACE TRIGGER "guard_calendars_warned_truncate" BEFORE TRUNCATE ON "calendars_warned" FOR EACH '
 'STATEMENT EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "calendars_warned" ENABLE ALWAYS TRIGGER "guard_calendars_warned_truncate"',
 'CREATE OR REPLACE TRIGGER "guard_clients_token_truncate" BEFORE TRUNCATE ON "clients_token" FOR EACH STATEMENT '
 'EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "clients_token" ENABLE ALWAYS TRIGGER "guard_clients_token_truncate"',
 'CREATE OR REPLACE TRIGGER "guard_conditions_chunk_truncate" BEFORE TRUNCATE ON "conditions_chunk" FOR EACH '
 'STATEMENT EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "conditions_chunk" ENABLE ALWAYS TRIGGER "guard_conditions_chunk_truncate"',
 'CREATE OR REPLACE TRIGGER "guard_conditions_reading_truncate" BEFORE TRUNCATE ON "conditions_reading" FOR EACH '
 'STATEMENT EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "conditions_reading" ENABLE ALWAYS TRIGGER "guard_conditions_reading_truncate"',
 'CREATE OR REPLACE TRIGGER "guard_conditions_series_truncate" BEFORE TRUNCATE ON "conditions_series" FOR EACH '
 'STATEMENT EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "conditions_series" ENABLE ALWAYS TRIGGER "guard_conditions_series_truncate"',
 'CREATE OR REPLACE TRIGGER "guard_epcis_concern_truncate" BEFORE TRUNCATE ON "epcis_concern" FOR EACH STATEMENT '
 'EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "epcis_concern" ENABLE ALWAYS TRIGGER "guard_epcis_concern_truncate"',
 'CREATE OR REPLACE TRIGGER "guard_epcis_deed_truncate" BEFORE TRUNCATE ON "epcis_deed" FOR EACH STATEMENT EXECUTE '
 'FUNCTION ledger_guard()',
 'ALTER TABLE "epcis_deed" ENABLE ALWAYS TRIGGER "guard_epcis_deed_truncate"',
 'CREATE OR REPLACE TRIGGER "guard_epcis_event_truncate" BEFORE TRUNCATE ON "epcis_event" FOR EACH STATEMENT EXECUTE '
 'FUNCTION ledger_guard()',
 'ALTER TABLE "epcis_event" ENABLE ALWAYS TRIGGER "guard_epcis_event_truncate"',
 'CREATE OR REPLACE TRIGGER "guard_epcis_location_truncate" BEFORE TRUNCATE ON "epcis_location" FOR EACH STATEMENT '
 'EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "epcis_location" ENABLE ALWAYS TRIGGER "guard_epcis_location_truncate"',
 'CREATE OR REPLACE TRIGGER "guard_epcis_mention_truncate" BEFORE TRUNCATE ON "epcis_mention" FOR EACH STATEMENT '
 'EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "epcis_mention" ENABLE ALWAYS TRIGGER "guard_epcis_mention_truncate"',
 'CREATE OR REPLACE TRIGGER "guard_escalation_acknowledgement_truncate" BEFORE TRUNCATE ON '
 '"escalation_acknowledgement" FOR EACH STATEMENT EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "escalation_acknowledgement" ENABLE ALWAYS TRIGGER "guard_escalation_acknowledgement_truncate"',
 'CREATE OR REPLACE TRIGGER "guard_escalation_policy_truncate" BEFORE TRUNCATE ON "escalation_policy" FOR EACH '
 'STATEMENT EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "escalation_policy" ENABLE ALWAYS TRIGGER "guard_escalation_policy_truncate"',
 'CREATE OR REPLACE TRIGGER "guard_escalation_tell_truncate" BEFORE TRUNCATE ON "escalation_tell" FOR EACH STATEMENT '
 'EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "escalation_tell" ENABLE ALWAYS TRIGGER "guard_escalation_tell_truncate"',
 'CREATE OR REPLACE TRIGGER "guard_evidence_evidence_truncate" BEFORE TRUNCATE ON "evidence_evidence" FOR EACH '
 'STATEMENT EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "evidence_evidence" ENABLE ALWAYS TRIGGER "guard_evidence_evidence_truncate"',
 'CREATE OR REPLACE TRIGGER "guard_evidence_link_truncate" BEFORE TRUNCATE ON "evidence_link" FOR EACH STATEMENT '
 'EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "evidence_link" ENABLE ALWAYS TRIGGER "guard_evidence_link_truncate"',
 'CREATE OR REPLACE TRIGGER "guard_inspections_characteristic_truncate" BEFORE TRUNCATE ON '
 '"inspections_characteristic" FOR EACH STATEMENT EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "inspections_characteristic" ENABLE ALWAYS TRIGGER "guard_inspections_characteristic_truncate"',
 'CREATE OR REPLACE TRIGGER "guard_inspections_finding_truncate" BEFORE TRUNCATE ON "inspections_finding" FOR EACH '
 'STATEMENT EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "inspections_finding" ENABLE ALWAYS TRIGGER "guard_inspections_finding_truncate"',
 'CREATE OR REPLACE TRIGGER "guard_inspections_method_truncate" BEFORE TRUNCATE ON "inspections_method" FOR EACH '
 'STATEMENT EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "inspections_method" ENABLE ALWAYS TRIGGER "guard_inspections_method_truncate"',
 'CREATE OR REPLACE TRIGGER "guard_inspections_report_truncate" BEFORE TRUNCATE ON "inspections_report" FOR EACH '
 'STATEMENT EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "inspections_report" ENABLE ALWAYS TRIGGER "guard_inspections_report_truncate"',
 'CREATE OR REPLACE TRIGGER "guard_inspections_result_truncate" BEFORE TRUNCATE ON "inspections_result" FOR EACH '
 'STATEMENT EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "inspections_result" ENABLE ALWAYS TRIGGER "guard_inspections_result_truncate"',
 'CREATE OR REPLACE TRIGGER "guard_inspections_value_truncate" BEFORE TRUNCATE ON "inspections_value" FOR EACH '
 'STATEMENT EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "inspections_value" ENABLE ALWAYS TRIGGER "guard_inspections_value_truncate"',
 'CREATE OR REPLACE TRIGGER "guard_ledger_checkpoint_truncate" BEFORE TRUNCATE ON "ledger_checkpoint" FOR EACH '
 'STATEMENT EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "ledger_checkpoint" ENABLE ALWAYS TRIGGER "guard_ledger_checkpoint_truncate"',
 'CREATE OR REPLACE TRIGGER "guard_ledger_entry_truncate" BEFORE TRUNCATE ON "ledger_entry" FOR EACH STATEMENT '
 'EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "ledger_entry" ENABLE ALWAYS TRIGGER "guard_ledger_entry_truncate"',
 'CREATE OR REPLACE TRIGGER "guard_ledger_leaf_truncate" BEFORE TRUNCATE ON "ledger_leaf" FOR EACH STATEMENT EXECUTE '
 'FUNCTION ledger_guard()',
 'ALTER TABLE "ledger_leaf" ENABLE ALWAYS TRIGGER "guard_ledger_leaf_truncate"',
 'CREATE OR REPLACE TRIGGER "guard_lots_link_truncate" BEFORE TRUNCATE ON "lots_link" FOR EACH STATEMENT EXECUTE '
 'FUNCTION ledger_guard()',
 'ALTER TABLE "lots_link" ENABLE ALWAYS TRIGGER "guard_lots_link_truncate"',
 'CREATE OR REPLACE TRIGGER "guard_lots_operation_truncate" BEFORE TRUNCATE ON "lots_operation" FOR EACH STATEMENT '
 'EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "lots_operation" ENABLE ALWAYS TRIGGER "guard_lots_operation_truncate"',
 'CREATE OR REPLACE TRIGGER "guard_orders_stage_lot_truncate" BEFORE TRUNCATE ON "orders_stage_lot" FOR EACH '
 'STATEMENT EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "orders_stage_lot" ENABLE ALWAYS TRIGGER "guard_orders_stage_lot_truncate"',
 'CREATE OR REPLACE TRIGGER "guard_lots_link_void_truncate" BEFORE TRUNCATE ON "lots_link_void" FOR EACH STATEMENT '
 'EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "lots_link_void" ENABLE ALWAYS TRIGGER "guard_lots_link_void_truncate"',
 'CREATE OR REPLACE TRIGGER "guard_people_access_log_truncate" BEFORE TRUNCATE ON "people_access_log" FOR EACH '
 'STATEMENT EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "people_access_log" ENABLE ALWAYS TRIGGER "guard_people_access_log_truncate"',
 'CREATE OR REPLACE TRIGGER "guard_products_bom_truncate" BEFORE TRUNCATE ON "products_bom" FOR EACH STATEMENT '
 'EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "products_bom" ENABLE ALWAYS TRIGGER "guard_products_bom_truncate"',
 'CREATE OR REPLACE TRIGGER "guard_products_bom_line_truncate" BEFORE TRUNCATE ON "products_bom_line" FOR EACH '
 'STATEMENT EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "products_bom_line" ENABLE ALWAYS TRIGGER "guard_products_bom_line_truncate"',
 'CREATE OR REPLACE TRIGGER "guard_products_factor_truncate" BEFORE TRUNCATE ON "products_factor" FOR EACH STATEMENT '
 'EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "products_factor" ENABLE ALWAYS TRIGGER "guard_products_factor_truncate"',
 'CREATE OR REPLACE TRIGGER "guard_products_parameter_truncate" BEFORE TRUNCATE ON "products_parameter" FOR EACH '
 'STATEMENT EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "products_parameter" ENABLE ALWAYS TRIGGER "guard_products_parameter_truncate"',
 'CREATE OR REPLACE TRIGGER "guard_sensors_chunk_truncate" BEFORE TRUNCATE ON "sensors_chunk" FOR EACH STATEMENT '
 'EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "sensors_chunk" ENABLE ALWAYS TRIGGER "guard_sensors_chunk_truncate"',
 'CREATE OR REPLACE TRIGGER "guard_sensors_rule_truncate" BEFORE TRUNCATE ON "sensors_rule" FOR EACH STATEMENT '
 'EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "sensors_rule" ENABLE ALWAYS TRIGGER "guard_sensors_rule_truncate"',
 'CREATE OR REPLACE TRIGGER "guard_signing_assertion_truncate" BEFORE TRUNCATE ON "signing_assertion" FOR EACH '
 'STATEMENT EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "signing_assertion" ENABLE ALWAYS TRIGGER "guard_signing_assertion_truncate"',
 'CREATE OR REPLACE TRIGGER "guard_signing_policy_truncate" BEFORE TRUNCATE ON "signing_policy" FOR EACH STATEMENT '
 'EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "signing_policy" ENABLE ALWAYS TRIGGER "guard_signing_policy_truncate"',
 'CREATE OR REPLACE TRIGGER "guard_signing_signature_truncate" BEFORE TRUNCATE ON "signing_signature" FOR EACH '
 'STATEMENT EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "signing_signature" ENABLE ALWAYS TRIGGER "guard_signing_signature_truncate"',
 'CREATE OR REPLACE TRIGGER "guard_signing_voiding_truncate" BEFORE TRUNCATE ON "signing_voiding" FOR EACH STATEMENT '
 'EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "signing_voiding" ENABLE ALWAYS TRIGGER "guard_signing_voiding_truncate"',
 'CREATE OR REPLACE TRIGGER "guard_sop_template_truncate" BEFORE TRUNCATE ON "sop_template" FOR EACH STATEMENT '
 'EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "sop_template" ENABLE ALWAYS TRIGGER "guard_sop_template_truncate"',
 'CREATE OR REPLACE TRIGGER "guard_witness_acknowledgement_truncate" BEFORE TRUNCATE ON "witness_acknowledgement" '
 'FOR EACH STATEMENT EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "witness_acknowledgement" ENABLE ALWAYS TRIGGER "guard_witness_acknowledgement_truncate"',
 'CREATE OR REPLACE TRIGGER "guard_witness_cosignature_truncate" BEFORE TRUNCATE ON "witness_cosignature" FOR EACH '
 'STATEMENT EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "witness_cosignature" ENABLE ALWAYS TRIGGER "guard_witness_cosignature_truncate"',
 'CREATE OR REPLACE TRIGGER "guard_witness_stamp_truncate" BEFORE TRUNCATE ON "witness_stamp" FOR EACH STATEMENT '
 'EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "witness_stamp" ENABLE ALWAYS TRIGGER "guard_witness_stamp_truncate"',
 'CREATE OR REPLACE TRIGGER "guard_anomalies_anomaly_truncate" BEFORE TRUNCATE ON "anomalies_anomaly" FOR EACH '
 'STATEMENT EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "anomalies_anomaly" ENABLE ALWAYS TRIGGER "guard_anomalies_anomaly_truncate"',
 'CREATE OR REPLACE TRIGGER "guard_anomalies_extension_truncate" BEFORE TRUNCATE ON "anomalies_extension" FOR EACH '
 'STATEMENT EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "anomalies_extension" ENABLE ALWAYS TRIGGER "guard_anomalies_extension_truncate"',
 'CREATE OR REPLACE TRIGGER "guard_anomalies_supplier_clock_truncate" BEFORE TRUNCATE ON "anomalies_supplier_clock" '
 'FOR EACH STATEMENT EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "anomalies_supplier_clock" ENABLE ALWAYS TRIGGER "guard_anomalies_supplier_clock_truncate"',
 'CREATE OR REPLACE TRIGGER "guard_calendars_day_truncate" BEFORE TRUNCATE ON "calendars_day" FOR EACH STATEMENT '
 'EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "calendars_day" ENABLE ALWAYS TRIGGER "guard_calendars_day_truncate"',
 'CREATE OR REPLACE TRIGGER "guard_calendars_shift_truncate" BEFORE TRUNCATE ON "calendars_shift" FOR EACH STATEMENT '
 'EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "calendars_shift" ENABLE ALWAYS TRIGGER "guard_calendars_shift_truncate"',
 'CREATE OR REPLACE TRIGGER "guard_capa_action_truncate" BEFORE TRUNCATE ON "capa_action" FOR EACH STATEMENT EXECUTE '
 'FUNCTION ledger_guard()',
 'ALTER TABLE "capa_action" ENABLE ALWAYS TRIGGER "guard_capa_action_truncate"',
 'CREATE OR REPLACE TRIGGER "guard_capa_capa_truncate" BEFORE TRUNCATE ON "capa_capa" FOR EACH STATEMENT EXECUTE '
 'FUNCTION ledger_guard()',
 'ALTER TABLE "capa_capa" ENABLE ALWAYS TRIGGER "guard_capa_capa_truncate"',
 'CREATE OR REPLACE TRIGGER "guard_clients_client_truncate" BEFORE TRUNCATE ON "clients_client" FOR EACH STATEMENT '
 'EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "clients_client" ENABLE ALWAYS TRIGGER "guard_clients_client_truncate"',
 'CREATE OR REPLACE TRIGGER "guard_clients_sandbox_truncate" BEFORE TRUNCATE ON "clients_sandbox" FOR EACH STATEMENT '
 'EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "clients_sandbox" ENABLE ALWAYS TRIGGER "guard_clients_sandbox_truncate"',
 'CREATE OR REPLACE TRIGGER "guard_clients_secret_truncate" BEFORE TRUNCATE ON "clients_secret" FOR EACH STATEMENT '
 'EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "clients_secret" ENABLE ALWAYS TRIGGER "guard_clients_secret_truncate"',
 'CREATE OR REPLACE TRIGGER "guard_duty_absence_truncate" BEFORE TRUNCATE ON "duty_absence" FOR EACH STATEMENT '
 'EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "duty_absence" ENABLE ALWAYS TRIGGER "guard_duty_absence_truncate"',
 'CREATE OR REPLACE TRIGGER "guard_duty_override_truncate" BEFORE TRUNCATE ON "duty_override" FOR EACH STATEMENT '
 'EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "duty_override" ENABLE ALWAYS TRIGGER "guard_duty_override_truncate"',
 'CREATE OR REPLACE TRIGGER "guard_duty_rotation_truncate" BEFORE TRUNCATE ON "duty_rotation" FOR EACH STATEMENT '
 'EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "duty_rotation" ENABLE ALWAYS TRIGGER "guard_duty_rotation_truncate"',
 'CREATE OR REPLACE TRIGGER "guard_duty_swap_truncate" BEFORE TRUNCATE ON "duty_swap" FOR EACH STATEMENT EXECUTE '
 'FUNCTION ledger_guard()',
 'ALTER TABLE "duty_swap" ENABLE ALWAYS TRIGGER "guard_duty_swap_truncate"',
 'CREATE OR REPLACE TRIGGER "guard_duty_watch_truncate" BEFORE TRUNCATE ON "duty_watch" FOR EACH STATEMENT EXECUTE '
 'FUNCTION ledger_guard()',
 'ALTER TABLE "duty_watch" ENABLE ALWAYS TRIGGER "guard_duty_watch_truncate"',
 'CREATE OR REPLACE TRIGGER "guard_epcis_capture_truncate" BEFORE TRUNCATE ON "epcis_capture" FOR EACH STATEMENT '
 'EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "epcis_capture" ENABLE ALWAYS TRIGGER "guard_epcis_capture_truncate"',
 'CREATE OR REPLACE TRIGGER "guard_epcis_held_truncate" BEFORE TRUNCATE ON "epcis_held" FOR EACH STATEMENT EXECUTE '
 'FUNCTION ledger_guard()',
 'ALTER TABLE "epcis_held" ENABLE ALWAYS TRIGGER "guard_epcis_held_truncate"',
 'CREATE OR REPLACE TRIGGER "guard_escalation_run_truncate" BEFORE TRUNCATE ON "escalation_run" FOR EACH STATEMENT '
 'EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "escalation_run" ENABLE ALWAYS TRIGGER "guard_escalation_run_truncate"',
 'CREATE OR REPLACE TRIGGER "guard_inspections_sample_truncate" BEFORE TRUNCATE ON "inspections_sample" FOR EACH '
 'STATEMENT EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "inspections_sample" ENABLE ALWAYS TRIGGER "guard_inspections_sample_truncate"',
 'CREATE OR REPLACE TRIGGER "guard_ledger_key_truncate" BEFORE TRUNCATE ON "ledger_key" FOR EACH STATEMENT EXECUTE '
 'FUNCTION ledger_guard()',
 'ALTER TABLE "ledger_key" ENABLE ALWAYS TRIGGER "guard_ledger_key_truncate"',
 'CREATE OR REPLACE TRIGGER "guard_imports_run_truncate" BEFORE TRUNCATE ON "imports_run" FOR EACH STATEMENT EXECUTE '
 'FUNCTION ledger_guard()',
 'ALTER TABLE "imports_run" ENABLE ALWAYS TRIGGER "guard_imports_run_truncate"',
 'CREATE OR REPLACE TRIGGER "guard_lots_hold_truncate" BEFORE TRUNCATE ON "lots_hold" FOR EACH STATEMENT EXECUTE '
 'FUNCTION ledger_guard()',
 'ALTER TABLE "lots_hold" ENABLE ALWAYS TRIGGER "guard_lots_hold_truncate"',
 'CREATE OR REPLACE TRIGGER "guard_lots_lot_truncate" BEFORE TRUNCATE ON "lots_lot" FOR EACH STATEMENT EXECUTE '
 'FUNCTION ledger_guard()',
 'ALTER TABLE "lots_lot" ENABLE ALWAYS TRIGGER "guard_lots_lot_truncate"',
 'CREATE OR REPLACE TRIGGER "guard_lots_rehearsal_truncate" BEFORE TRUNCATE ON "lots_rehearsal" FOR EACH STATEMENT '
 'EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "lots_rehearsal" ENABLE ALWAYS TRIGGER "guard_lots_rehearsal_truncate"',
 'CREATE OR REPLACE TRIGGER "guard_lots_serial_truncate" BEFORE TRUNCATE ON "lots_serial" FOR EACH STATEMENT EXECUTE '
 'FUNCTION ledger_guard()',
 'ALTER TABLE "lots_serial" ENABLE ALWAYS TRIGGER "guard_lots_serial_truncate"',
 'CREATE OR REPLACE TRIGGER "guard_lots_shipment_truncate" BEFORE TRUNCATE ON "lots_shipment" FOR EACH STATEMENT '
 'EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "lots_shipment" ENABLE ALWAYS TRIGGER "guard_lots_shipment_truncate"',
 'CREATE OR REPLACE TRIGGER "guard_orders_handover_truncate" BEFORE TRUNCATE ON "orders_handover" FOR EACH STATEMENT '
 'EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "orders_handover" ENABLE ALWAYS TRIGGER "guard_orders_handover_truncate"',
 'CREATE OR REPLACE TRIGGER "guard_orders_leg_truncate" BEFORE TRUNCATE ON "orders_leg" FOR EACH STATEMENT EXECUTE '
 'FUNCTION ledger_guard()',
 'ALTER TABLE "orders_leg" ENABLE ALWAYS TRIGGER "guard_orders_leg_truncate"',
 'CREATE OR REPLACE TRIGGER "guard_orders_order_truncate" BEFORE TRUNCATE ON "orders_order" FOR EACH STATEMENT '
 'EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "orders_order" ENABLE ALWAYS TRIGGER "guard_orders_order_truncate"',
 'CREATE OR REPLACE TRIGGER "guard_orders_stage_truncate" BEFORE TRUNCATE ON "orders_stage" FOR EACH STATEMENT '
 'EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "orders_stage" ENABLE ALWAYS TRIGGER "guard_orders_stage_truncate"',
 'CREATE OR REPLACE TRIGGER "guard_people_contact_truncate" BEFORE TRUNCATE ON "people_contact" FOR EACH STATEMENT '
 'EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "people_contact" ENABLE ALWAYS TRIGGER "guard_people_contact_truncate"',
 'CREATE OR REPLACE TRIGGER "guard_people_engagement_truncate" BEFORE TRUNCATE ON "people_engagement" FOR EACH '
 'STATEMENT EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "people_engagement" ENABLE ALWAYS TRIGGER "guard_people_engagement_truncate"',
 'CREATE OR REPLACE TRIGGER "guard_people_identity_truncate" BEFORE TRUNCATE ON "people_identity" FOR EACH STATEMENT '
 'EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "people_identity" ENABLE ALWAYS TRIGGER "guard_people_identity_truncate"',
 'CREATE OR REPLACE TRIGGER "guard_people_invite_truncate" BEFORE TRUNCATE ON "people_invite" FOR EACH STATEMENT '
 'EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "people_invite" ENABLE ALWAYS TRIGGER "guard_people_invite_truncate"',
 'CREATE OR REPLACE TRIGGER "guard_people_link_truncate" BEFORE TRUNCATE ON "people_link" FOR EACH STATEMENT EXECUTE '
 'FUNCTION ledger_guard()',
 'ALTER TABLE "people_link" ENABLE ALWAYS TRIGGER "guard_people_link_truncate"',
 'CREATE OR REPLACE TRIGGER "guard_people_organisation_truncate" BEFORE TRUNCATE ON "people_organisation" FOR EACH '
 'STATEMENT EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "people_organisation" ENABLE ALWAYS TRIGGER "guard_people_organisation_truncate"',
 'CREATE OR REPLACE TRIGGER "guard_people_person_truncate" BEFORE TRUNCATE ON "people_person" FOR EACH STATEMENT '
 'EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "people_person" ENABLE ALWAYS TRIGGER "guard_people_person_truncate"',
 'CREATE OR REPLACE TRIGGER "guard_people_responsibility_truncate" BEFORE TRUNCATE ON "people_responsibility" FOR '
 'EACH STATEMENT EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "people_responsibility" ENABLE ALWAYS TRIGGER "guard_people_responsibility_truncate"',
 'CREATE OR REPLACE TRIGGER "guard_people_role_truncate" BEFORE TRUNCATE ON "people_role" FOR EACH STATEMENT EXECUTE '
 'FUNCTION ledger_guard()',
 'ALTER TABLE "people_role" ENABLE ALWAYS TRIGGER "guard_people_role_truncate"',
 'CREATE OR REPLACE TRIGGER "guard_people_session_truncate" BEFORE TRUNCATE ON "people_session" FOR EACH STATEMENT '
 'EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "people_session" ENABLE ALWAYS TRIGGER "guard_people_session_truncate"',
 'CREATE OR REPLACE TRIGGER "guard_people_site_truncate" BEFORE TRUNCATE ON "people_site" FOR EACH STATEMENT EXECUTE '
 'FUNCTION ledger_guard()',
 'ALTER TABLE "people_site" ENABLE ALWAYS TRIGGER "guard_people_site_truncate"',
 'CREATE OR REPLACE TRIGGER "guard_products_identifier_truncate" BEFORE TRUNCATE ON "products_identifier" FOR EACH '
 'STATEMENT EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "products_identifier" ENABLE ALWAYS TRIGGER "guard_products_identifier_truncate"',
 'CREATE OR REPLACE TRIGGER "guard_products_product_truncate" BEFORE TRUNCATE ON "products_product" FOR EACH '
 'STATEMENT EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "products_product" ENABLE ALWAYS TRIGGER "guard_products_product_truncate"',
 'CREATE OR REPLACE TRIGGER "guard_sensors_episode_truncate" BEFORE TRUNCATE ON "sensors_episode" FOR EACH STATEMENT '
 'EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "sensors_episode" ENABLE ALWAYS TRIGGER "guard_sensors_episode_truncate"',
 'CREATE OR REPLACE TRIGGER "guard_sensors_sensor_truncate" BEFORE TRUNCATE ON "sensors_sensor" FOR EACH STATEMENT '
 'EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "sensors_sensor" ENABLE ALWAYS TRIGGER "guard_sensors_sensor_truncate"',
 'CREATE OR REPLACE TRIGGER "guard_sensors_standing_truncate" BEFORE TRUNCATE ON "sensors_standing" FOR EACH '
 'STATEMENT EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "sensors_standing" ENABLE ALWAYS TRIGGER "guard_sensors_standing_truncate"',
 'CREATE OR REPLACE TRIGGER "guard_signing_ceremony_truncate" BEFORE TRUNCATE ON "signing_ceremony" FOR EACH '
 'STATEMENT EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "signing_ceremony" ENABLE ALWAYS TRIGGER "guard_signing_ceremony_truncate"',
 'CREATE OR REPLACE TRIGGER "guard_signing_delegation_truncate" BEFORE TRUNCATE ON "signing_delegation" FOR EACH '
 'STATEMENT EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "signing_delegation" ENABLE ALWAYS TRIGGER "guard_signing_delegation_truncate"',
 'CREATE OR REPLACE TRIGGER "guard_signing_factor_truncate" BEFORE TRUNCATE ON "signing_factor" FOR EACH STATEMENT '
 'EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "signing_factor" ENABLE ALWAYS TRIGGER "guard_signing_factor_truncate"',
 'CREATE OR REPLACE TRIGGER "guard_signing_passkey_truncate" BEFORE TRUNCATE ON "signing_passkey" FOR EACH STATEMENT '
 'EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "signing_passkey" ENABLE ALWAYS TRIGGER "guard_signing_passkey_truncate"',
 'CREATE OR REPLACE TRIGGER "guard_signing_proposal_truncate" BEFORE TRUNCATE ON "signing_proposal" FOR EACH '
 'STATEMENT EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "signing_proposal" ENABLE ALWAYS TRIGGER "guard_signing_proposal_truncate"',
 'CREATE OR REPLACE TRIGGER "guard_signing_session_truncate" BEFORE TRUNCATE ON "signing_session" FOR EACH STATEMENT '
 'EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "signing_session" ENABLE ALWAYS TRIGGER "guard_signing_session_truncate"',
 'CREATE OR REPLACE TRIGGER "guard_webhooks_subscription_truncate" BEFORE TRUNCATE ON "webhooks_subscription" FOR '
 'EACH STATEMENT EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "webhooks_subscription" ENABLE ALWAYS TRIGGER "guard_webhooks_subscription_truncate"',
 'CREATE OR REPLACE TRIGGER "guard_witness_key_truncate" BEFORE TRUNCATE ON "witness_key" FOR EACH STATEMENT EXECUTE '
 'FUNCTION ledger_guard()',
 'ALTER TABLE "witness_key" ENABLE ALWAYS TRIGGER "guard_witness_key_truncate"',
 'CREATE OR REPLACE TRIGGER "guard_witness_witness_truncate" BEFORE TRUNCATE ON "witness_witness" FOR EACH STATEMENT '
 'EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "witness_witness" ENABLE ALWAYS TRIGGER "guard_witness_witness_truncate"',
 'CREATE OR REPLACE TRIGGER "guard_ledger_leaf_place" BEFORE INSERT ON "ledger_leaf" FOR EACH ROW EXECUTE FUNCTION '
 'ledger_guard_leaf()',
 'ALTER TABLE "ledger_leaf" ENABLE ALWAYS TRIGGER "guard_ledger_leaf_place"',
 'CREATE OR REPLACE TRIGGER "guard_ledger_pending_leave" BEFORE DELETE ON "ledger_pending" FOR EACH ROW EXECUTE '
 'FUNCTION ledger_guard_pending()',
 'ALTER TABLE "ledger_pending" ENABLE ALWAYS TRIGGER "guard_ledger_pending_leave"',
 'CREATE OR REPLACE TRIGGER "guard_ledger_pending_change" BEFORE UPDATE ON "ledger_pending" FOR EACH ROW EXECUTE '
 'FUNCTION ledger_guard()',
 'ALTER TABLE "ledger_pending" ENABLE ALWAYS TRIGGER "guard_ledger_pending_change"',
 'CREATE OR REPLACE TRIGGER "guard_ledger_pending_truncate" BEFORE TRUNCATE ON "ledger_pending" FOR EACH STATEMENT '
 'EXECUTE FUNCTION ledger_guard()',
 'ALTER TABLE "ledger_pending" ENABLE ALWAYS TRIGGER "guard_ledger_pending_truncate"',
 'ALTER TABLE "ledger_entry" ALTER COLUMN "body" SET STORAGE EXTERNAL')


async def upgrade(db: BaseDBAsyncClient) -> str:
    """Guards: records that never change or vanish are kept by the database itself."""
    return await ddl.run(db, sqlite=SQLITE, postgres=POSTGRES)


async def downgrade(db: BaseDBAsyncClient) -> str:
    """Refused: records are never taken back; restore a backup instead."""
    msg = "records are never taken back; restore a backup instead"
    raise RuntimeError(msg)
