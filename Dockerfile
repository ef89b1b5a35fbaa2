# syntax=docker/dockerfile:1
ARG BUILD_IMAGE=maven:3.9-eclipse-temurin-25
ARG RUNTIME_IMAGE=eclipse-temurin:25-jre-noble

FROM ${BUILD_IMAGE} AS build
WORKDIR /src
# The libraries first: they change less often than the sources.
COPY pom.xml ./
COPY .mvn .mvn
RUN mvn --batch-mode --quiet dependency:go-offline -DincludeScope=runtime || true
COPY src src
RUN mvn --batch-mode --quiet package -DskipTests \
    && java -Djarmode=tools -jar target/hearth.jar extract --layers --destination /layers

FROM ${RUNTIME_IMAGE}
# The embedded PostgreSQL and libtorch need glibc, so the base is Ubuntu or Debian, not Alpine.
RUN groupadd --system --gid 10001 hearth \
    && useradd --system --uid 10001 --gid hearth --home-dir /data --shell /usr/sbin/nologin hearth \
    && install --directory --owner=hearth --group=hearth /data
WORKDIR /app
COPY --from=build /layers/dependencies/ ./
COPY --from=build /layers/spring-boot-loader/ ./
COPY --from=build /layers/snapshot-dependencies/ ./
COPY --from=build /layers/application/ ./
# DJL unpacks libtorch here once.
ENV HEARTH_DATA_DIR=/data DJL_CACHE_DIR=/data/djl
USER 10001:10001
VOLUME /data
EXPOSE 8080 8081
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET /actuator/health/readiness HTTP/1.0\\r\\n\\r\\n' >&3 && head -1 <&3 | grep -q 200"]
ENTRYPOINT ["java", "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", "-XX:MaxRAMPercentage=50", "-jar", "hearth.jar"]
