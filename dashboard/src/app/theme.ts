import { createTheme } from "@mantine/core";

/** What components do by default; colours stand in `global.css`. */
export const theme = createTheme({
  primaryColor: "blue",
  cursorType: "pointer",
  components: {
    Button: { defaultProps: { size: "xs", variant: "default" } },
    Tooltip: {
      defaultProps: {
        multiline: true,
        maw: 320,
        withArrow: true,
        openDelay: 200,
        events: { hover: true, focus: true, touch: true },
      },
    },
    Select: { defaultProps: { allowDeselect: false, checkIconPosition: "right" } },
    NumberInput: { defaultProps: { hideControls: true } },
  },
});
