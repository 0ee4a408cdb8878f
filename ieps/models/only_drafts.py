"""What is written in an IEP changes only while it is a draft: the promise of the database."""

import pgtrigger

# A verb that holds the IEP (actions/hold.py) to sign it or make it official is waited for: what it has read
# is what it keeps.
ONLY_IN_A_DRAFT = pgtrigger.Trigger(
    name="official_is_immutable",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
    func=pgtrigger.Func(
        """
        IF current_setting('eser.loader', true) = 'on' THEN
            RETURN coalesce(NEW, OLD);
        END IF;
        PERFORM 1 FROM ieps_iep i WHERE i.id IN (NEW.iep_id, OLD.iep_id) FOR KEY SHARE;
        IF NOT FOUND AND TG_OP <> 'DELETE' THEN
            RAISE EXCEPTION 'pgtrigger: This IEP is not there any more';
        END IF;
        IF EXISTS (
            SELECT 1 FROM ieps_iep i
            WHERE i.id IN (NEW.iep_id, OLD.iep_id) AND i.status <> 'DRAFT'
        ) THEN
            RAISE EXCEPTION 'pgtrigger: Cannot change the text of an official IEP';
        END IF;
        RETURN coalesce(NEW, OLD);
        """
    ),
)

# What one district began another one goes on with: with its first words the draft is the later district's, so
# that the earlier one reads nothing written after its time (docs/adr/0005).
COMES_ALONG = pgtrigger.Trigger(
    name="draft_comes_along",
    when=pgtrigger.After,
    operation=pgtrigger.Insert | pgtrigger.Update,
    func=pgtrigger.Func(
        """
        IF current_setting('eser.loader', true) = 'on' THEN
            RETURN NULL;
        END IF;
        UPDATE ieps_iep i SET district_id = a.district_id
        FROM students_studentaccess a
        WHERE i.id = NEW.iep_id AND i.status = 'DRAFT' AND i.district_id IS NOT NULL
            AND a.student_id = i.student_id AND a.is_current AND a.district_id <> i.district_id
            AND NOT EXISTS (
                SELECT 1 FROM students_studentaccess own
                WHERE own.student_id = i.student_id AND own.is_current AND own.district_id = i.district_id
            );
        RETURN NULL;
        """
    ),
)
