from tests.dashboard.conftest import member, office  # noqa: F401  a team to test with
