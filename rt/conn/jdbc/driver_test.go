package jdbc_test

// The tests of package jdbc speak to PostgreSQL, too.
import _ "pyfc/rt/conn/jdbc/postgres"
