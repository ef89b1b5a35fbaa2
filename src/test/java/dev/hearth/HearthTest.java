package dev.hearth;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.ActiveProfiles;
import org.springframework.test.context.ContextConfiguration;

/**
 * A test against the whole running service: real HTTP on a free port, a real PostgreSQL, an empty
 * data folder.
 *
 * <p>All such tests share one service, because it is always configured the same. So a test leaves
 * alone what it has not made, and counts on nobody else's data. Constructor parameters are
 * injected; {@link Client} is what most tests want.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@SpringBootTest(
        classes = HearthApplication.class,
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@ContextConfiguration(initializers = TestEnvironment.class)
@Import(TestClients.class)
@ActiveProfiles("test")
public @interface HearthTest {}
