"""Attribution methods: how much every element of a slice matters for a quantity of interest."""
