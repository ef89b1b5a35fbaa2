package dev.hearth.storage;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.InstantSource;
import java.util.OptionalLong;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.transaction.PlatformTransactionManager;

@Configuration(proxyBeanMethods = false)
@EnableScheduling
@EnableConfigurationProperties({StorageSettings.class, QuotaSettings.class})
class StorageConfiguration {

    @Bean
    Scratch scratch(StorageSettings settings) throws IOException {
        return Scratch.in(settings.scratch());
    }

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> tomcatInScratch(Scratch scratch)
            throws IOException {
        var folder = scratch.newFolder().toFile();
        return factory -> factory.setBaseDirectory(folder);
    }

    @Bean
    BlobStore blobStore(
            BlobPlace place, Scratch scratch, BlobOwners owners, Reservations reservations) {
        return new OwnedBlobs(place, scratch, owners, reservations);
    }

    @Bean
    Reservations.Most storageLimits(StorageSettings settings, QuotaSettings quotas) {
        return new Reservations.Most(settings.storage().mostBytes(), quotas);
    }

    @Bean
    Reservations reservations(
            Reservations.Most most,
            BlobOwners owners,
            JdbcClient sql,
            InstantSource time,
            PlatformTransactionManager transactions) {
        return new Reservations(most, owners, sql, time, transactions);
    }

    @Bean
    Gauge storageUsed(BlobOwners owners, MeterRegistry registry) {
        return Gauge.builder("hearth.storage.used", owners, used -> (double) used.ownedBytes())
                .baseUnit("bytes")
                .description("Of all blobs that somebody owns")
                .register(registry);
    }

    /** There in any case, so that the share that is used can be asked for. */
    @Bean
    Gauge storageLimit(StorageSettings settings, MeterRegistry registry) {
        OptionalLong limit = settings.storage().mostBytes();
        return Gauge.builder(
                        "hearth.storage.limit",
                        () ->
                                limit.isPresent()
                                        ? (double) limit.getAsLong()
                                        : Double.POSITIVE_INFINITY)
                .baseUnit("bytes")
                .description("The most that all blobs may have together; infinite for no limit")
                .register(registry);
    }

    @Bean
    BlobSweep blobSweep(
            StorageSettings settings,
            BlobPlace place,
            BlobOwners owners,
            InstantSource time,
            MeterRegistry registry) {
        var storage = settings.storage();
        return new BlobSweep(
                place,
                owners,
                time,
                new BlobSweep.Pace(storage.sweepInterval(), storage.grace()),
                registry);
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnProperty(
            name = "hearth.storage.kind",
            havingValue = "folder",
            matchIfMissing = true)
    static class InAFolder {

        @Bean
        BlobPlace blobFolder(StorageSettings settings, InstantSource time) throws IOException {
            return new FolderPlace(settings.blobs(), time);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnProperty(name = "hearth.storage.kind", havingValue = "s3")
    static class InABucket {

        @Bean
        S3Bucket bucket(StorageSettings settings) {
            return S3Bucket.connect(settings.storage().s3());
        }

        @Bean
        BlobCache blobCache(
                StorageSettings settings,
                Scratch scratch,
                InstantSource time,
                MeterRegistry registry)
                throws IOException {
            return new BlobCache(
                    new BlobCache.Place(settings.cache(), settings.storage().cacheSize().toBytes()),
                    scratch,
                    time,
                    new CacheMeters(registry));
        }

        @Bean
        BlobPlace blobBucket(
                StorageSettings settings, S3Bucket bucket, BlobCache cache, InstantSource time) {
            return new S3Place(bucket, cache, time, settings.storage().grace().dividedBy(2));
        }
    }
}
