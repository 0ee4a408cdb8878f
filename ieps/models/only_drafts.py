"""What is written in an IEP changes only while it is a draft: the promise of the database."""

import pgtrigger

ONLY_IN_A_DRAFT = pgtrigger.Trigger(
    name="official_is_immutable",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
    func=pgtrigger.Func(
        """
        IF current_setting('eser.loader', true) = 'on' THEN
            RETURN coalesce(NEW, OLD);
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
