package dev.hearth.serving;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CompanyTest {

    private final Company company = new Company();

    @Test
    void whoComesOneByOneIsLonely() {
        for (int i = 0; i < 100; i++) {
            assertThat(company.enter()).isTrue();
            company.leave();
        }
    }

    @Test
    void whoFindsAnotherOneIsNot() {
        company.enter();

        assertThat(company.enter()).isFalse();
    }

    @Test
    void whereOthersCameOfLateNobodyIsUntilTheyHaveStayedAwayForAWhile() {
        for (int i = 0; i < 32; i++) {
            company.enter();
            company.enter();
            company.leave();
            company.leave();
        }
        assertThat(company.enter()).isFalse();
        company.leave();

        for (int i = 0; i < 100; i++) {
            company.enter();
            company.leave();
        }

        assertThat(company.enter()).isTrue();
    }
}
