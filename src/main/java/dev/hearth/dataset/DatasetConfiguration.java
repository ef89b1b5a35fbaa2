package dev.hearth.dataset;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({DatasetSettings.class, ImageSettings.class, IntakeSettings.class})
class DatasetConfiguration {}
