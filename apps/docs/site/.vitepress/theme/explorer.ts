/** The explorer of the benchmark's page, in a page of the site. */
import { h as element, render } from 'preact';
import { defineComponent, h, onBeforeUnmount, onMounted, ref } from 'vue';
import { ExploreSection } from './explore-section.ts';

export default defineComponent({
  setup() {
    const place = ref<HTMLElement>();
    onMounted(() => place.value && render(element(ExploreSection, {}), place.value));
    onBeforeUnmount(() => place.value && render(null, place.value));
    return () => h('div', { ref: place, class: 'explorer' });
  },
});
