"""Layer-wise relevance propagation: rules, composites of rules, and the engine behind them."""
