import classes from "./Figure.module.css";

interface FigureProps {
  readonly children: string;
  /** The widest text that may stand here: its room is kept from the start. */
  readonly widest: string;
  readonly align?: "start" | "end";
}

/** A figure that moves nothing beside it when it grows by a digit. */
export function Figure({ children, widest, align = "end" }: FigureProps) {
  return (
    <span className={`number ${classes.figure ?? ""}`} data-widest={widest} data-align={align}>
      <span>{children}</span>
    </span>
  );
}
