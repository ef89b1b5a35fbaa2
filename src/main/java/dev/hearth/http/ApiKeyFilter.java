package dev.hearth.http;

import dev.hearth.problem.ProblemException;
import dev.hearth.problem.ProblemWriter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.authentication.preauth.PreAuthenticatedAuthenticationToken;
import org.springframework.web.util.UriComponentsBuilder;

/**
 * Checks {@code Authorization: Bearer …}. Whoever shows a credential shows the right one, in the
 * right place: a wrong one is refused even where none is needed, and so is one in the query string,
 * where logs and proxies would keep it.
 */
final class ApiKeyFilter extends RequestFilter {

    private static final Set<String> KEYS_IN_QUERY =
            Set.of("api_key", "apikey", "api-key", "key", "access_token", "token");

    private final Credentials credentials;
    private final ProblemWriter problems;

    ApiKeyFilter(Credentials credentials, ProblemWriter problems) {
        this.credentials = credentials;
        this.problems = problems;
    }

    @Override
    protected void filter(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (hasKeyInQuery(request)) {
            problems.write(
                    request,
                    response,
                    Credentials.refused(
                            "A key in the query string is not accepted, and should be replaced, as"
                                    + " logs may have kept it; send it in the header: Authorization:"
                                    + " Bearer <key>."));
            return;
        }
        Optional<Owner> owner;
        try {
            owner = credentials.ownerOf(request.getHeader("Authorization"));
        } catch (ProblemException e) {
            problems.write(request, response, e);
            return;
        }
        if (owner.isEmpty()) {
            chain.doFilter(request, response);
            return;
        }
        var context = SecurityContextHolder.createEmptyContext();
        context.setAuthentication(
                new PreAuthenticatedAuthenticationToken(
                        owner.get(), "", AuthorityUtils.NO_AUTHORITIES));
        SecurityContextHolder.setContext(context);
        chain.doFilter(request, response);
    }

    private static boolean hasKeyInQuery(HttpServletRequest request) {
        var query = request.getQueryString();
        return query != null
                && UriComponentsBuilder.newInstance()
                        .query(query)
                        .build()
                        .getQueryParams()
                        .keySet()
                        .stream()
                        .anyMatch(name -> KEYS_IN_QUERY.contains(name.toLowerCase(Locale.ROOT)));
    }
}
