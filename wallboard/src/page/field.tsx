import type { ComponentChildren } from "preact";

interface FieldProps {
  name: string;
  broad?: boolean;
  children: ComponentChildren;
}

/** A control under its name. */
export function Field({ name, broad = false, children }: FieldProps) {
  return (
    <label class={broad ? "field broad" : "field"}>
      <span class="field-name">{name}</span>
      {children}
    </label>
  );
}

export interface Option {
  value: string;
  text: string;
}

interface SelectProps {
  name: string;
  broad?: boolean;
  id: string;
  value: string;
  options: readonly Option[];
  choose: (value: string) => void;
}

export function SelectField({ name, broad = false, id, value, options, choose }: SelectProps) {
  return (
    <Field name={name} broad={broad}>
      <select id={id} name={id} value={value} onChange={(event) => choose(event.currentTarget.value)}>
        {options.map((option) => (
          <option key={option.value} value={option.value} selected={option.value === value}>
            {option.text}
          </option>
        ))}
      </select>
    </Field>
  );
}
