package dev.hearth;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

@HearthTest
class ServiceTest {

    @Autowired Client client;
    @Autowired JdbcClient sql;

    @Test
    void startsAndAnswers() {
        assertThat(client.get("/actuator/health").status()).isIn(200, 401);
        assertThat(sql.sql("SELECT count(*) FROM scheduled_tasks").query(Long.class).single())
                .isZero();
    }
}
