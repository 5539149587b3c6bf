"""Guest checkouts as a whole, over HTTP: our shop beside a stock Oscar; and T1 by itself (`placing`)."""
