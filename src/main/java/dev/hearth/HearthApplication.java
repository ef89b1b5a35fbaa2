package dev.hearth;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Starts Hearth. */
@SpringBootApplication
public class HearthApplication {

    static void main(String[] args) {
        SpringApplication.run(HearthApplication.class, args);
    }
}
