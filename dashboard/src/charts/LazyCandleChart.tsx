import { lazy } from "react";

/** The chart and its library, which no other page needs. */
export const LazyCandleChart = lazy(() =>
  import("./CandleChart").then(({ CandleChart }) => ({ default: CandleChart })),
);
