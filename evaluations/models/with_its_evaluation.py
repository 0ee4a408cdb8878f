"""What belongs to an evaluation is locked with it."""

import pgtrigger

LOCKED_WITH_ITS_EVALUATION = pgtrigger.Trigger(
    name="locked_is_immutable",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
    func=pgtrigger.Func(
        """
        IF current_setting('eser.loader', true) = 'on' THEN
            RETURN coalesce(NEW, OLD);
        END IF;
        IF EXISTS (
            SELECT 1 FROM evaluations_evaluation e
            WHERE e.id IN (NEW.evaluation_id, OLD.evaluation_id) AND e.locked
        ) THEN
            RAISE EXCEPTION 'pgtrigger: Cannot change a locked evaluation';
        END IF;
        RETURN coalesce(NEW, OLD);
        """
    ),
)
