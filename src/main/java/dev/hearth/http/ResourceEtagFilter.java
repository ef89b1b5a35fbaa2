package dev.hearth.http;

import jakarta.servlet.http.HttpServletRequest;
import org.springframework.web.filter.ShallowEtagHeaderFilter;

/**
 * Gives JSON resources an {@code ETag}, and answers 304 where the client has the same already.
 * Files and event streams are left alone: they are not to be held in memory.
 */
final class ResourceEtagFilter extends ShallowEtagHeaderFilter {

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        var path = request.getRequestURI();
        return !"GET".equals(request.getMethod())
                || !path.startsWith("/v1/")
                || path.contains("/files/")
                || path.endsWith("/result.csv")
                || path.endsWith("/events");
    }
}
