package dev.hearth.kill;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** Tells {@link Death} of each statement and commit, before and after it. */
final class MortalDataSource extends DelegatingDataSource {

    /** Which parameter of the statement that writes a checkpoint's row is its number. */
    private static final Integer NUMBER = 2;

    private final Death death;

    MortalDataSource(DataSource real, Death death) {
        super(real);
        this.death = death;
    }

    @Override
    public Connection getConnection() throws SQLException {
        Connection real = super.getConnection();
        return wrap(
                Connection.class,
                (_, method, arguments) -> {
                    boolean commits = method.getName().equals("commit");
                    if (commits) {
                        death.committing();
                    }
                    Object result = call(real, method, arguments);
                    if (commits) {
                        death.committed();
                    }
                    return result instanceof PreparedStatement statement
                            ? wrap(String.valueOf(arguments[0]).strip(), statement)
                            : result;
                });
    }

    private PreparedStatement wrap(String sql, PreparedStatement real) {
        return wrap(
                PreparedStatement.class,
                (_, method, arguments) -> {
                    if (!method.getName().startsWith("execute")) {
                        if (sql.startsWith("INSERT INTO run_checkpoint")
                                && method.getName().startsWith("set")
                                && arguments[0].equals(NUMBER)) {
                            death.number((Integer) arguments[1]);
                        }
                        return call(real, method, arguments);
                    }
                    death.before(sql);
                    Object result = call(real, method, arguments);
                    death.after(sql);
                    return result;
                });
    }

    private static <T> T wrap(Class<T> type, InvocationHandler handler) {
        return type.cast(
                Proxy.newProxyInstance(
                        MortalDataSource.class.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private static Object call(Object real, java.lang.reflect.Method method, Object[] arguments)
            throws Throwable {
        try {
            return method.invoke(real, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
