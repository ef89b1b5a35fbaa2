package dev.hearth.serving;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.EnableScheduling;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({ServingSettings.class, ExplainSettings.class})
@EnableScheduling
class ServingConfiguration {}
