"""Checks of this script itself: the golden values printed in activations.md, and VeLU's closed gradient."""

from collections.abc import Sequence
from decimal import Decimal

from decimals import WORKING_DIGITS, mp, mpf, nstr
from element_formulas import logistic
from records import Answer, Question
from velu import Velu, forward, group_statistics, make_velu, mean, saturation, standard_deviation

GOLDEN_ROW_ID = "velu/official/golden-row"
GOLDEN_A = "1.0562440596944"
GOLDEN_Z = ("-1.035187799891", "-.522845313806", "0", ".533398745889", "1.077300319498")
GOLDEN_W2_SQUARED = ".0641557566229"
GOLDEN_GRADIENT = (".507563714486", ".517794398070", ".528122029847", ".538449661624", ".548680345209")

CLOSED_FORM_AGREEMENT = mpf(10) ** -15


def check_velu(answers: Sequence[tuple[Question, Answer]]) -> None:
    """Raises where a value of activations.md or the closed gradient does not come out."""
    for asked, answer in answers:
        if asked.id == GOLDEN_ROW_ID:
            check_golden_row(asked, answer)
        check_closed_gradient(asked, answer)
    assert any(asked.id == GOLDEN_ROW_ID for asked, _ in answers), f"{GOLDEN_ROW_ID} must be a case"


# --- the values printed in activations.md ----------------------------------------------------------


def check_golden_row(asked: Question, answer: Answer) -> None:
    """Official preset, λ = 1, upstream 1, row [-2, -1, 0, 1, 2]: every printed digit."""
    velu = make_velu(asked.options, asked.shape, asked.channel_axis)
    with mp.workdps(WORKING_DIGITS):
        outputs = forward(velu, [mpf(value) for value in asked.x], mpf(1))
    must_print("A", outputs.adapted, [GOLDEN_A])
    must_print("z", answer.y, GOLDEN_Z)
    must_print("W2²", [answer.penalty], [GOLDEN_W2_SQUARED])
    must_print("∂Σz/∂x", answer.vjp_x, GOLDEN_GRADIENT)


def must_print(name: str, values: Sequence[mpf], printed: Sequence[str]) -> None:
    """Each value, rounded to the decimals that are printed, must be what is printed."""
    for value, text in zip(values, printed, strict=True):
        rounded = Decimal(nstr(value, 40)).quantize(Decimal(text))
        if rounded != Decimal(text):
            raise ArithmeticError(f"{name} must be {text} as in activations.md (was {nstr(value, 20)})")


# --- the closed gradient of activations.md ---------------------------------------------------------


def check_closed_gradient(asked: Question, answer: Answer) -> None:
    """The differences must agree with the closed gradient, relative to the largest entry, to 1e-15."""
    with mp.workdps(WORKING_DIGITS):
        gradient_x, gradient_scale = closed_gradient(asked)
        pairs = list(zip([*answer.vjp_x, *answer.vjp_parameters["lambda"]], [*gradient_x, gradient_scale], strict=True))
        for index, (got, expected) in enumerate(pairs):
            if abs(got - expected) > CLOSED_FORM_AGREEMENT * abs(expected) + mpf(10) ** -40:
                raise ArithmeticError(
                    f"{asked.id}: gradient {index} must be {nstr(expected, 20)} by the closed form "
                    f"(was {nstr(got, 20)} by differences)"
                )


def closed_gradient(asked: Question) -> tuple[list[mpf], mpf]:
    """∂L/∂x and ∂L/∂λ as activations.md prints them:

    v = λ·u + upstreamPenalty·∂W2²/∂z
    g_j = v_j·A·(s_j + x_j·s_j·(1-s_j)·a'_j) + γ·gain·sech²(gain·S)·(Σ_i v_i·q_i)·∂S/∂x_j
    ∂L/∂λ = Σ u·z
    """
    velu = make_velu(asked.options, asked.shape, asked.channel_axis)
    x = [mpf(value) for value in asked.x]
    u = [mpf(value) for value in asked.upstream]
    scale = mpf(asked.parameters["lambda"].values[0])
    outputs = forward(velu, x, scale)
    weight = mpf(asked.upstream_penalty or 0)
    v = [scale * ui + weight * di for ui, di in zip(u, squared_distance_gradient(outputs.z), strict=True)]
    s = [logistic(velu.number("alpha") * angle(velu, xi)) for xi in x]

    gradient = [mpf(0)] * len(x)
    for members, factor, statistic in zip(velu.groups, outputs.adapted, group_statistics(velu, x), strict=True):
        through = through_statistic(velu, statistic) * mp.fsum(v[i] * x[i] * s[i] for i in members)
        slopes = statistic_gradient(velu, [x[i] for i in members], statistic)
        for j, slope in zip(members, slopes, strict=True):
            local = s[j] + x[j] * s[j] * (1 - s[j]) * angle_slope(velu, x[j])
            gradient[j] = v[j] * factor * local + through * slope
    if velu.options["transport"] == "output":
        moved = velu.number("transportWeight") * mp.fsum(u)
        gradient = [g - moved * d for g, d in zip(gradient, distance_gradient(x), strict=True)]
    return gradient, mp.fsum(ui * zi for ui, zi in zip(u, outputs.z, strict=True))


def angle(velu: Velu, x: mpf) -> mpf:
    """atan(β1·x) + asin(clip(β2·x, -1, 1))"""
    turned = velu.number("beta2") * x
    return mp.atan(velu.number("beta1") * x) + mp.asin(min(max(turned, mpf(-1)), mpf(1)))


def angle_slope(velu: Velu, x: mpf) -> mpf:
    """a' = α·[β1/(1+β1²x²) + [|β2x|<1]·β2/√(1-β2²x²)]"""
    beta1, beta2 = velu.number("beta1"), velu.number("beta2")
    slope = beta1 / (1 + (beta1 * x) ** 2)
    if not saturation(velu, [x])[0]:
        slope += beta2 / mp.sqrt(1 - (beta2 * x) ** 2)
    return velu.number("alpha") * slope


def through_statistic(velu: Velu, statistic: mpf) -> mpf:
    """γ·gain·sech²(gain·S), or 0 where S is detached or A is clipped"""
    gamma, gain, bounds = velu.number("gamma"), velu.number("gain"), velu.options["adaptClip"]
    free = 1 + gamma * mp.tanh(gain * statistic)
    if velu.options["detachStatistic"] or (bounds is not None and not bounds[0] < free < bounds[1]):
        return mpf(0)
    return gamma * gain * mp.sech(gain * statistic) ** 2


def statistic_gradient(velu: Velu, x: Sequence[mpf], statistic: mpf) -> list[mpf]:
    """∂S/∂x_j = -x_j·S³/n (inverseRms) or (x_j - mean)/(n·S) (std; 0 where S is 0)"""
    if velu.options["statistic"] == "inverseRms":
        return [-xj * statistic**3 / len(x) for xj in x]
    return deviation_gradient(x)


def deviation_gradient(values: Sequence[mpf]) -> list[mpf]:
    """∂std/∂v_j = (v_j - mean)/(n·std), 0 where std is 0"""
    centre, deviation = mean(values), standard_deviation(values)
    if deviation == 0:
        return [mpf(0)] * len(values)
    return [(value - centre) / (len(values) * deviation) for value in values]


def squared_distance_gradient(z: Sequence[mpf]) -> list[mpf]:
    """∂W2²/∂z_i = 2m/N + 2(sd-1)(z_i-m)/(N·sd)"""
    centre, deviation = mean(z), standard_deviation(z)
    return [2 * centre / len(z) + 2 * (deviation - 1) * slope for slope in deviation_gradient(z)]


def distance_gradient(x: Sequence[mpf]) -> list[mpf]:
    """∂W2/∂x_i = ∂W2²/∂x_i / (2·W2), 0 where W2 is 0"""
    distance = mp.sqrt(mean(x) ** 2 + (standard_deviation(x) - 1) ** 2)
    if distance == 0:
        return [mpf(0)] * len(x)
    return [slope / (2 * distance) for slope in squared_distance_gradient(x)]
