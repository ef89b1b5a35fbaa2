package dev.hearth.storage;

import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import org.springframework.util.unit.DataSize;

/**
 * S3Proxy: a real S3 server in this process, with a class loader of its own, since its libraries
 * are others than Hearth's.
 */
public final class S3Server {

    public static final String ACCESS_KEY = "an-access-key";
    public static final String SECRET_KEY = "a-secret-that-nobody-may-see";

    /** Written by the build; see pom.xml. */
    private static final Path CLASS_PATH = Path.of("target/s3proxy.classpath");

    private final URLClassLoader classes;
    private final Object proxy;

    private S3Server(URLClassLoader classes, Object proxy) {
        this.classes = classes;
        this.proxy = proxy;
    }

    public static S3Server start() throws Exception {
        var classes = new URLClassLoader("s3proxy", urls(), ClassLoader.getPlatformClassLoader());
        return inItsClasses(
                classes,
                () -> {
                    var core = classes.loadClass("org.gaul.s3proxy.junit.S3ProxyJunitCore");
                    var builderClass =
                            classes.loadClass("org.gaul.s3proxy.junit.S3ProxyJunitCore$Builder");
                    var builder = builderClass.getConstructor().newInstance();
                    builderClass
                            .getMethod("withCredentials", String.class, String.class)
                            .invoke(builder, ACCESS_KEY, SECRET_KEY);
                    builderClass
                            .getMethod("withBlobStoreProvider", String.class)
                            .invoke(builder, "filesystem-nio2");
                    var proxy = builderClass.getMethod("build").invoke(builder);
                    core.getMethod("beforeEach").invoke(proxy);
                    return new S3Server(classes, proxy);
                });
    }

    private static URL[] urls() throws IOException {
        if (!Files.exists(CLASS_PATH)) {
            throw new IllegalStateException(
                    CLASS_PATH + " is missing; run: mvn generate-test-resources");
        }
        return Files.readAllLines(CLASS_PATH).stream()
                // Without a logger of its own it is quiet.
                .filter(jar -> !jar.contains("logback"))
                .map(S3Server::url)
                .toArray(URL[]::new);
    }

    private static URL url(String jar) {
        try {
            return Path.of(jar).toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException(jar, e);
        }
    }

    public URI endpoint() throws ReflectiveOperationException {
        return (URI) proxy.getClass().getMethod("getUri").invoke(proxy);
    }

    /** Settings for a bucket of this server. */
    StorageSettings.S3 settings(String endpoint, String bucket) {
        return new StorageSettings.S3(
                endpoint,
                "us-east-1",
                bucket,
                "blobs",
                ACCESS_KEY,
                SECRET_KEY,
                null,
                DataSize.ofMegabytes(5));
    }

    public void stop() throws Exception {
        inItsClasses(classes, () -> proxy.getClass().getMethod("afterEach").invoke(proxy));
        classes.close();
    }

    @FunctionalInterface
    private interface Work<T> {
        T run() throws Exception;
    }

    /** Its libraries look for services with the thread's class loader. */
    private static <T> T inItsClasses(ClassLoader classes, Work<T> work) throws Exception {
        var thread = Thread.currentThread();
        var before = thread.getContextClassLoader();
        thread.setContextClassLoader(classes);
        try {
            return work.run();
        } finally {
            thread.setContextClassLoader(before);
        }
    }
}
