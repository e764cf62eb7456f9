import { useMemo } from "react";
import { EChart } from "../charts/EChart";
import { usePalette } from "../charts/palette";
import { nameOf, type Compared } from "./compared";
import { equityOption } from "./equityOption";

/** The equity curves of all sides in one chart. */
export function EquityPanel({ compared }: { readonly compared: readonly Compared[] }) {
  const palette = usePalette();
  const option = useMemo(() => equityOption(compared, palette), [compared, palette]);
  return (
    <section className="panel" aria-labelledby="equity">
      <h2 id="equity">Growth of the equity</h2>
      <EChart option={option} label={`Growth of the equity of ${compared.map(nameOf).join(", ")}`} />
    </section>
  );
}
