"""Is an explanation any good: regions and parts, counterfactuals, scores of classifiers."""
