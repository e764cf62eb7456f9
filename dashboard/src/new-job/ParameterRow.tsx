import { MultiSelect, SegmentedControl, Select, TextInput } from "@mantine/core";
import { memo } from "react";
import type { Parameter } from "../api/types";
import type { ParameterForm } from "./form";
import classes from "./NewJobPage.module.css";

interface ParameterRowProps {
  readonly parameter: Parameter;
  readonly form: ParameterForm;
  readonly error: string | undefined;
  readonly change: (name: string, form: ParameterForm) => void;
}

/** One parameter: searched over a range or some options, or kept at a value. */
export const ParameterRow = memo(function ParameterRow({
  parameter,
  form,
  error,
  change,
}: ParameterRowProps) {
  const { name, choices } = parameter;
  const set = (part: Partial<ParameterForm>) => change(name, { ...form, ...part });
  return (
    <fieldset className={classes.parameter}>
      <legend>
        <span className="name">{name}</span> <span className="dim number">{declared(parameter)}</span>
      </legend>
      <div className={classes.inputs}>
        <SegmentedControl
          size="xs"
          aria-label={`What to do with ${name}`}
          value={form.mode}
          onChange={(mode) => set({ mode: mode as ParameterForm["mode"] })}
          data={choices === null ? NUMBER_MODES : CHOICE_MODES}
        />
        <Inputs parameter={parameter} form={form} set={set} invalid={error !== undefined} />
      </div>
      {error !== undefined && (
        <p className={classes.error} role="alert">
          {error}
        </p>
      )}
    </fieldset>
  );
});

const SEARCH = { value: "search", label: "Search" };
const FIX = { value: "fixed", label: "Fix" };
const NUMBER_MODES = [SEARCH, { value: "list", label: "List" }, FIX];
const CHOICE_MODES = [SEARCH, FIX];

/** Say what a parameter may be, as the strategy declares it. */
function declared({ type, low, high, step, log, choices, default: usual }: Parameter): string {
  if (choices !== null) return `choice, usually ${String(usual)}`;
  const steps = step === null || step === 1 ? "" : `, steps of ${step}`;
  const kind = type === "int" ? "whole number" : "number";
  return `${kind}, ${low ?? ""} to ${high ?? ""}${steps}${log ? ", log scale" : ""}, usually ${String(usual)}`;
}

interface InputsProps {
  readonly parameter: Parameter;
  readonly form: ParameterForm;
  readonly set: (part: Partial<ParameterForm>) => void;
  readonly invalid: boolean;
}

function Inputs({ parameter, form, set, invalid }: InputsProps) {
  const { name, choices } = parameter;
  const options = choices?.map(String);
  if (form.mode === "fixed") {
    const label = `${name}: value`;
    return options ? (
      <Select
        size="xs"
        aria-label={label}
        value={form.value}
        data={options}
        error={invalid}
        onChange={(value) => set({ value: value ?? "" })}
      />
    ) : (
      <Typed label={label} value={form.value} invalid={invalid} change={(value) => set({ value })} />
    );
  }
  if (options) {
    return (
      <MultiSelect
        size="xs"
        aria-label={`${name}: options`}
        value={[...form.options]}
        data={options}
        onChange={(chosen) => set({ options: chosen })}
        error={invalid}
      />
    );
  }
  if (form.mode === "list") {
    return (
      <Typed
        label={`${name}: values`}
        value={form.list}
        placeholder="5, 10, 20"
        wide
        invalid={invalid}
        change={(list) => set({ list })}
      />
    );
  }
  return (
    <>
      <Typed label={`${name}: low`} value={form.low} invalid={invalid} change={(low) => set({ low })} />
      <span className="dim">to</span>
      <Typed label={`${name}: high`} value={form.high} invalid={invalid} change={(high) => set({ high })} />
      <span className="dim">step</span>
      <Typed
        label={`${name}: step`}
        value={form.step}
        placeholder={parameter.step === null ? "any" : String(parameter.step)}
        invalid={invalid}
        change={(step) => set({ step })}
      />
    </>
  );
}

interface TypedProps {
  readonly label: string;
  readonly value: string;
  readonly placeholder?: string;
  readonly wide?: boolean;
  readonly invalid: boolean;
  readonly change: (value: string) => void;
}

function Typed({ label, value, placeholder, wide = false, invalid, change }: TypedProps) {
  return (
    <TextInput
      size="xs"
      className={`number ${wide ? classes.wide : classes.typed}`}
      aria-label={label}
      inputMode="decimal"
      placeholder={placeholder}
      value={value}
      error={invalid}
      onChange={(event) => change(event.currentTarget.value)}
    />
  );
}
