"""The ground floor: values of the trade, with no engine, table, hook or screen."""
