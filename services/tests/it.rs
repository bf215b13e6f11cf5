//! Starts each service, and uses it.

use test_services::{PgBouncer, Postgres, skip};

#[test]
fn keeps_committed_rows_through_a_crash_of_postgres() {
    let postgres = match Postgres::start("") {
        Ok(postgres) => postgres,
        Err(missing) => return skip(&format!("the test database: {missing}")),
    };
    let database = postgres.create_database(None);
    database.execute("CREATE TABLE kept (value text)");
    let copy = postgres.create_database(Some(&database));
    database.execute("INSERT INTO kept VALUES ('a'), ('b')");
    postgres.restart();
    assert_eq!(database.execute("SELECT value, 1 FROM kept ORDER BY value"), "a|1\nb|1");
    assert_eq!(copy.execute("SELECT count(*) FROM kept"), "0");

    postgres.become_standby();
    assert_eq!(database.execute("SELECT pg_is_in_recovery()"), "t");
}

#[test]
fn reaches_the_database_through_pgbouncer() {
    let bouncer = Postgres::shared().and_then(|postgres| {
        let database = postgres.create_database(None);
        PgBouncer::start(&database, 2).map(|bouncer| (bouncer, database))
    });
    let (bouncer, database) = match bouncer {
        Ok(started) => started,
        Err(missing) => return skip(&format!("the test database behind PgBouncer: {missing}")),
    };
    let through = bouncer.database(&database);
    assert_eq!(through.execute("SELECT current_database()"), database.name);
}
