/** A group of check boxes, or of radio buttons. */
interface ChoicesProps<T extends string | number> {
  readonly legend: string;
  readonly options: readonly T[];
  readonly chosen: readonly T[];
  readonly single?: boolean;
  readonly disabled?: boolean;
  readonly describe?: (option: T) => string;
  readonly onChange: (chosen: T[]) => void;
}

export function Choices<T extends string | number>({
  legend,
  options,
  chosen,
  single = false,
  disabled = false,
  describe = String,
  onChange,
}: ChoicesProps<T>) {
  const toggle = (option: T) => {
    if (single) return onChange([option]);
    onChange(options.filter((each) => (each === option ? !chosen.includes(each) : chosen.includes(each))));
  };
  return (
    <fieldset class="choices" disabled={disabled}>
      <legend>{legend}</legend>
      {options.map((option) => (
        <label key={option}>
          <input
            type={single ? 'radio' : 'checkbox'}
            name={legend}
            checked={chosen.includes(option)}
            onChange={() => toggle(option)}
          />
          <span>{describe(option)}</span>
        </label>
      ))}
    </fieldset>
  );
}
