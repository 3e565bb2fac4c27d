"""What several pages share: the moment shown, addresses, groups of indicators, sentences."""
