package dev.hearth.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class BodyBudgetTest {

    private static final int KB = 1 << 10;

    private final BodyBudget budget = new BodyBudget(100 * KB);

    @Test
    void whatIsMoreThanAllMayHaveTogetherIsRefusedUntilSomebodyIsDone() {
        var first = budget.take(60 * KB);
        assertRefused(() -> budget.take(60 * KB), ProblemCode.OVERLOADED);
        assertThat(budget.heldBytes()).isEqualTo(60 * KB);
        assertThat(budget.refused()).isEqualTo(1);

        first.close();

        try (var _ = budget.take(60 * KB)) {
            assertThat(budget.heldBytes()).isEqualTo(60 * KB);
        }
        assertThat(budget.heldBytes()).isZero();
    }

    @Test
    void bytesThatComeWithoutHavingBeenDeclaredAreCountedAsTheyCome() {
        try (var _ = budget.take(50 * KB);
                var share = budget.take(0)) {
            share.add(40 * KB);
            assertRefused(() -> share.add(20 * KB), ProblemCode.OVERLOADED);
        }
        assertThat(budget.heldBytes()).isZero();
    }

    @Test
    void aSmallBodyCountsForWhatItsRequestCosts() {
        try (var share = budget.take(1)) {
            assertThat(budget.heldBytes()).isEqualTo(16 * KB);
            share.add(KB);
            assertThat(budget.heldBytes()).isEqualTo(16 * KB);
        }
    }

    @Test
    void whatCouldNeverFitIsTooLargeAndNotToBeTriedAgain() {
        assertRefused(() -> budget.take(101 * KB), ProblemCode.BODY_TOO_LARGE);
        assertThat(budget.heldBytes()).isZero();
    }

    @Test
    void aShareIsGivenBackOnce() {
        var share = budget.take(50 * KB);
        share.close();
        share.close();
        assertThat(budget.heldBytes()).isZero();
    }

    private static void assertRefused(ThrowingCallable call, ProblemCode code) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
