package dev.hearth.run;

import dev.hearth.model.Target;
import dev.hearth.python.PythonTarget;
import dev.hearth.spec.TargetColumn;

/** A model's target in the words of the Python writer. */
final class PythonTargets {

    private PythonTargets() {}

    static PythonTarget of(Target target) {
        TargetColumn.Kind kind =
                switch (target.kind()) {
                    case NUMBER -> TargetColumn.Kind.NUMERIC;
                    case INTEGER -> TargetColumn.Kind.INTEGER;
                    case BOOLEAN -> TargetColumn.Kind.BOOLEAN;
                    case CATEGORY -> TargetColumn.Kind.CATEGORICAL;
                };
        return new PythonTarget(target.column(), kind, target.classes());
    }
}
