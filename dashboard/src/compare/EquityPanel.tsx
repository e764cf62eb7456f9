import { Select } from "@mantine/core";
import { useMemo, useState } from "react";
import { EChart } from "../charts/EChart";
import { usePalette } from "../charts/palette";
import { nameOf, type Compared } from "./compared";
import { equityOption, sameDates, type Along } from "./equityOption";

const AXES: { value: Along; label: string }[] = [
  { value: "dates", label: "By date" },
  { value: "days", label: "By day of the run" },
];

/** The equity curves of all sides in one chart. */
export function EquityPanel({ compared }: { readonly compared: readonly Compared[] }) {
  const palette = usePalette();
  const [chosen, setChosen] = useState<Along | null>(null);
  // Of different years each would fill a corner of its own.
  const along = chosen ?? (sameDates(compared) ? "dates" : "days");
  const option = useMemo(() => equityOption(compared, palette, along), [compared, palette, along]);
  return (
    <section className="panel" aria-labelledby="equity">
      <div className="row apart">
        <h2 id="equity">Growth of the equity</h2>
        <Select
          size="xs"
          aria-label="Draw"
          allowDeselect={false}
          value={along}
          data={AXES}
          onChange={(value) => setChosen(value)}
        />
      </div>
      <EChart option={option} label={`Growth of the equity of ${compared.map(nameOf).join(", ")}`} />
    </section>
  );
}
