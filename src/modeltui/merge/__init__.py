"""Offers become models: pure rules, from ids and declared facts to one row a model."""
