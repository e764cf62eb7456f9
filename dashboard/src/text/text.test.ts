import { describe, expect, it } from "vitest";
import { metricValue } from "./metrics";
import { count, fixed, parameter, percent, price, rate, score, share, UNKNOWN } from "./numbers";
import { ago, candleTime, clock, duration } from "./times";

describe("numbers", () => {
  it.each([count, percent, share, score, rate, price, parameter])(
    "%o writes nothing known as a dash",
    (write) => {
      expect(write(null)).toBe(UNKNOWN);
      expect(write(undefined)).toBe(UNKNOWN);
    },
  );

  it("writes zero as zero", () => {
    expect([count(0), percent(0), share(0), score(0), rate(0), price(0), parameter(0)]).toEqual([
      "0",
      "0.0%",
      "0.00%",
      "0.0000",
      "0/s",
      "0.00",
      "0",
    ]);
  });

  it("writes separators", () => {
    expect(count(1_000_000)).toBe("1,000,000");
    expect(rate(1_234_567.8)).toBe("1,234,568/s");
    expect(score(-12_345.678)).toBe("-12,345.68");
  });

  it("never says 100.0% of what is not at its end", () => {
    expect(percent(99.99)).toBe("99.9%");
    expect(percent(100)).toBe("100.0%");
  });

  it("loses no tenth to binary fractions", () => {
    for (let tenths = 0; tenths <= 1000; tenths += 1) {
      expect(percent(tenths / 10)).toBe(`${(tenths / 10).toFixed(1)}%`);
    }
  });

  it("gives no sign to what rounds to nothing", () => {
    expect(fixed(-0.00001, 2)).toBe("0.00");
    expect(fixed(-0.01, 2)).toBe("-0.01");
  });

  it("writes not-a-number as unknown", () => {
    expect(count(Number.NaN)).toBe(UNKNOWN);
    expect(score(Number.POSITIVE_INFINITY)).toBe(UNKNOWN);
  });

  it("writes parameters as they are typed", () => {
    expect(parameter(0.1 + 0.2)).toBe("0.3");
    expect(parameter(false)).toBe("false");
    expect(parameter("ema")).toBe("ema");
  });
});

describe("metrics", () => {
  it.each([
    ["max_drawdown", -0.1234, "-12.34%"],
    ["trades", 1500, "1,500"],
    ["final_equity", 10_000, "10,000.00"],
    ["sharpe", 0, "0.0000"],
    ["of_tomorrow", 1, "1.0000"],
  ])("writes %s %d as %s", (name, value, text) => {
    expect(metricValue(name, value)).toBe(text);
    expect(metricValue(name, null)).toBe(UNKNOWN);
  });
});

describe("times", () => {
  it.each([
    [0, "0 s"],
    [59.6, "1 min 00 s"],
    [200, "3 min 20 s"],
    [7500, "2 h 05 min"],
    [100_000, "1 d 3 h"],
    [-5, "0 s"],
  ])("writes %d seconds as %s", (seconds, text) => {
    expect(duration(seconds)).toBe(text);
  });

  it("writes a time that is not known as a dash", () => {
    expect([duration(null), ago(null, 0), clock(null), candleTime(undefined)]).toEqual([
      UNKNOWN,
      UNKNOWN,
      UNKNOWN,
      UNKNOWN,
    ]);
  });

  it("writes how long ago a moment was", () => {
    expect(ago("2026-09-21T14:13:20.000Z", Date.parse("2026-09-21T14:14:25.000Z"))).toBe("1 min 05 s ago");
  });

  it("writes a candle's time in UTC", () => {
    expect(candleTime(Date.UTC(2026, 8, 21, 14, 13))).toBe("21 Sept 2026 14:13");
  });
});
